"""The schemas that every Glassdoor payload passes at the door: lenient to new keys, strict about those we read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from repwatch.sources._lenient import Moment, OrNothing, Text, filled, objects, text_or_none

SOURCE = "glassdoor"

#: ISO 639-2 (both kinds) to the two letters of ISO 639-1, for the languages in which the site is shown.
LANGUAGES = {
    "fra": "fr", "fre": "fr", "eng": "en", "deu": "de", "ger": "de", "nld": "nl", "dut": "nl", "spa": "es", "ita": "it",
    "por": "pt", "pol": "pl", "ron": "ro", "rum": "ro", "ces": "cs", "cze": "cs", "swe": "sv", "dan": "da", "fin": "fi",
    "tur": "tr", "rus": "ru", "ara": "ar", "zho": "zh", "chi": "zh", "jpn": "ja", "ell": "el", "gre": "el", "hun": "hu",
}  # fmt: skip


def _no_value(value: Any) -> Any:
    """Read 0 and -1, by which the site says "not rated", as nothing."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return None if number and value <= 0 else value


def _named(*keys: str) -> Callable[[Any], Any]:
    """Make a reader of `{"text": "Nurse"}` that also takes the bare string."""

    def read(value: Any) -> Any:
        if isinstance(value, dict):
            value = next((value[key] for key in keys if value.get(key)), None)
        return text_or_none(value)

    return read


def _name_or_nothing(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _not_counted(value: Any) -> Any:
    """Read a negative count as nothing; zero is a count."""
    return None if isinstance(value, int) and value < 0 else value


Ident = Annotated[str, BeforeValidator(_name_or_nothing), Field(min_length=1, pattern=r"^[0-9]+$")]
Stars = Annotated[float | None, Field(ge=0, le=5), BeforeValidator(_no_value)]
Part = Annotated[float | None, Field(ge=0, le=1), BeforeValidator(_no_value)]
Count = Annotated[int | None, BeforeValidator(_not_counted)]
Title = Annotated[str | None, BeforeValidator(_named("text", "title", "name"))]
JobName = Annotated[str, BeforeValidator(_named("text", "title", "name"))]
Place = Annotated[str | None, BeforeValidator(_named("name", "text"))]


class Foreign(BaseModel):
    """A value of the site's: unknown keys are let pass, since the site adds some every month."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class ResponseIn(Foreign):
    """An employer's answer."""

    response: Text = None
    original: Text = Field(default=None, alias="responseOriginal")
    published: Moment = Field(default=None, alias="responseDateTime")


class LinksIn(Foreign):
    """The addresses of a review, as the 2019 pages tell them."""

    detail: str | None = Field(default=None, alias="reviewDetailUrl")


class ReviewIn(Foreign):
    """One review, under the names that it has kept from 2019 to 2026."""

    ident: Ident | None = Field(alias="reviewId")
    published: Moment = Field(default=None, alias="reviewDateTime")
    rating: Stars = Field(default=None, alias="ratingOverall")
    work_life_balance: Stars = Field(default=None, alias="ratingWorkLifeBalance")
    culture: Stars = Field(default=None, alias="ratingCultureAndValues")
    career: Stars = Field(default=None, alias="ratingCareerOpportunities")
    compensation: Stars = Field(default=None, alias="ratingCompensationAndBenefits")
    management: Stars = Field(default=None, alias="ratingSeniorLeadership")
    diversity: Stars = Field(default=None, alias="ratingDiversityAndInclusion")
    ceo: str | None = Field(default=None, alias="ratingCeo")
    outlook: str | None = Field(default=None, alias="ratingBusinessOutlook")
    recommend: str | None = Field(default=None, alias="ratingRecommendToFriend")
    is_current: bool | None = Field(default=None, alias="isCurrentJob")
    job_title: Title = Field(default=None, alias="jobTitle")
    location: Place = None
    title: Text = Field(default=None, alias="summary")
    pros: Text = None
    cons: Text = None
    advice: Text = None
    title_original: Text = Field(default=None, alias="summaryOriginal")
    pros_original: Text = Field(default=None, alias="prosOriginal")
    cons_original: Text = Field(default=None, alias="consOriginal")
    advice_original: Text = Field(default=None, alias="adviceOriginal")
    language: str | None = Field(default=None, alias="languageId")
    language_original: str | None = Field(default=None, alias="originalLanguageId")
    helpful: Count = Field(default=None, alias="countHelpful")
    responses: Annotated[list[ResponseIn], BeforeValidator(objects)] = Field(
        default=[], alias="employerResponses"
    )
    links: Annotated[LinksIn | None, OrNothing] = None


class CeoIn(Foreign):
    """Who leads the employer."""

    name: Text = None


class CountsIn(Foreign):
    """How much the site holds about an employer, in all languages."""

    reviews: Count = Field(default=None, alias="reviewCount")


#: What an employer can fill in, by the beginnings of the site's names: later payloads say "squareLogoUrl", those of 2019 "squareLogoUrl({...})".
_FILLABLE = {"squareLogoUrl": "logo", "website": "website", "coverPhoto": "cover_photo", "officeAddresses": "offices"}


class EmployerIn(Foreign):
    """An employer, of which each payload tells another part; `filled` says of the parts that this one speaks of whether they are there."""

    ident: Ident | None = Field(default=None, validation_alias=AliasChoices("id", "employerId"))
    name: Text = Field(
        default=None, validation_alias=AliasChoices("shortName", "employerShortName", "employerName", "name")
    )
    counts: Annotated[CountsIn | None, OrNothing] = None
    ceo: Annotated[CeoIn | None, OrNothing] = None
    filled: dict[str, bool] = {}

    @model_validator(mode="before")
    @classmethod
    def _look(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {**value, "filled": filled({str(name).partition("(")[0]: held for name, held in value.items()}, _FILLABLE)}


class RatingsIn(Foreign):
    """What reviewers say on average, under the filter of the page."""

    rating: Stars = Field(default=None, alias="overallRating")
    ceo_approval: Part = Field(default=None, alias="ceoRating")
    recommend: Part = Field(default=None, alias="recommendToFriendRating")
    outlook: Part = Field(default=None, alias="businessOutlookRating")
    work_life_balance: Stars = Field(default=None, alias="workLifeBalanceRating")
    culture: Stars = Field(default=None, alias="cultureAndValuesRating")
    career: Stars = Field(default=None, alias="careerOpportunitiesRating")
    compensation: Stars = Field(default=None, alias="compensationAndBenefitsRating")
    management: Stars = Field(default=None, alias="seniorManagementRating")
    diversity: Stars = Field(default=None, alias="diversityAndInclusionRating")
    review_count: Count = Field(default=None, alias="reviewCount")
    ceo: Annotated[CeoIn | None, OrNothing] = Field(default=None, alias="ratedCeo")
    ceo_name: Text = Field(default=None, alias="ratedCeoName")


class ReviewsIn(Foreign):
    """A listing of reviews; the reviews themselves are checked one by one."""

    all_count: Count = Field(default=None, alias="allReviewsCount")
    filtered_count: Count = Field(default=None, alias="filteredReviewsCount")
    pages: Count = Field(default=None, alias="numberOfPages")
    page: Count = Field(default=None, alias="currentPage")
    reviews: list[Any]
    histogram: Annotated[dict[str, Any] | None, OrNothing] = Field(
        default=None, alias="ratingCountDistribution"
    )


class QuestionIn(Foreign):
    """A question that was asked in an interview."""

    question: Text = None


class InterviewIn(Foreign):
    """How one person was interviewed."""

    ident: Ident = Field(validation_alias=AliasChoices("id", "interviewId"))
    published: Moment = Field(default=None, alias="reviewDateTime")
    job_title: Title = Field(default=None, alias="jobTitle")
    location: Place = None
    experience: str | None = None
    difficulty: str | None = None
    outcome: str | None = None
    process: Text = Field(default=None, alias="processDescription")
    language: str | None = Field(default=None, alias="languageId")
    questions: Annotated[list[QuestionIn], BeforeValidator(objects)] = Field(
        default=[], alias="userQuestions"
    )


class InterviewsIn(Foreign):
    """A listing of interviews."""

    total: Count = Field(default=None, alias="totalInterviewCount")
    filtered: Count = Field(default=None, alias="filteredInterviewCount")
    interviews: list[Any]


def told_id(raw: Any, *keys: str) -> str | None:
    """Return the id that an item tells of itself, before anything of it is checked."""
    told = (raw.get(key) for key in keys) if isinstance(raw, dict) else ()
    return next((str(one) for one in told if isinstance(one, int | str)), None)
