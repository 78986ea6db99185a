"""The sources: one file (or folder) a site, each with INFO, walk and parse."""
