"""What the workshop's questions ask for beyond monitoring: answers, volunteers, leaders, a guide. Pure: values in, texts and figures out."""
