"""Turn the three generations of salary payloads into items: reported rows (2023), percentiles (2024-25), a range (since late 2025)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError

from repwatch.errors import LayoutChanged
from repwatch.models import NoResults, Outcome, Salary
from repwatch.sources._lenient import Text, complaint
from repwatch.sources.glassdoor.header import Head
from repwatch.sources.glassdoor.reviews import employer_of, profile
from repwatch.sources.glassdoor.schema import SOURCE, Count, EmployerIn, Foreign, JobName

_PERIOD: dict[str, Literal["year", "month", "hour"]] = {
    "ANNUAL": "year",
    "MONTHLY": "month",
    "HOURLY": "hour",
}


def _no_pay(value: Any) -> Any:
    return None if isinstance(value, int | float) and value <= 0 else value


def _nothing(value: Any) -> Any:
    return {} if value is None else value


Amount = Annotated[float | None, Field(allow_inf_nan=False), BeforeValidator(_no_pay)]


class PercentileIn(Foreign):
    """One point of a distribution of pay."""

    ident: Annotated[str, Field(pattern=r"(?i)^(p\d{1,2}|min|max|mean|median)$")]
    value: Amount = None


def _points(value: Any) -> Any:
    """Read {"p10": 30000} as the site's own list of points."""
    return [{"ident": ident, "value": amount} for ident, amount in value.items()] if isinstance(value, dict) else value


class StatisticsIn(Foreign):
    """A distribution of pay; the list is empty when the site knows none."""

    percentiles: Annotated[list[PercentileIn], BeforeValidator(_points)] = Field(default=[])
    mean: Amount = None

    def points(self) -> dict[str, float]:
        """Return the amounts by percentile, `mean` included where it is told."""
        found = {point.ident.lower().replace("median", "p50"): point.value for point in self.percentiles}
        return {name: value for name, value in {**found, "mean": self.mean}.items() if value is not None}


class CurrencyIn(Foreign):
    """What money a row is in."""

    code: Text = None


class PlaceIn(Foreign):
    """What place the rows are about."""

    type: str | None = None
    name: Text = None


class SalaryIn(Foreign):
    """One job's pay, in any of the three generations."""

    job_title: JobName = Field(alias="jobTitle")
    count: Count = None
    salary_count: Count = Field(default=None, alias="salaryCount")
    currency: CurrencyIn | None = None
    period: str | None = Field(default=None, alias="payPeriod")
    base: Annotated[StatisticsIn, BeforeValidator(_nothing)] = Field(
        default=StatisticsIn(), alias="basePayStatistics"
    )
    total: Annotated[StatisticsIn, BeforeValidator(_nothing)] = Field(
        default=StatisticsIn(), alias="totalPayStatistics"
    )
    base_min: Amount = Field(default=None, alias="minBasePay")
    base_median: Amount = Field(default=None, alias="medianBasePay")
    base_max: Amount = Field(default=None, alias="maxBasePay")
    total_min: Amount = Field(default=None, alias="totalCompMin")
    total_median: Amount = Field(default=None, alias="totalCompMedian")
    total_max: Amount = Field(default=None, alias="totalCompMax")

    def reported(self, kind: Literal["base", "total"]) -> dict[str, float]:
        """Return the amounts of a reported row (2023)."""
        found = {
            point: getattr(self, f"{kind}_{name}")
            for name, point in (("min", "min"), ("median", "p50"), ("max", "max"))
        }
        return {point: value for point, value in found.items() if value is not None}


class SalariesIn(Foreign):
    """A listing of salaries."""

    count: Count = Field(default=None, alias="salaryCount")
    filtered: Count = Field(default=None, alias="filteredSalaryCount")
    place: PlaceIn | None = Field(default=None, alias="queryLocation")
    rows: list[Any]


def read_salaries(found: list[dict[str, Any]], head: Head, known: EmployerIn) -> Iterator[Outcome]:
    """Yield the profile, then each job's pay."""
    listings = [SalariesIn.model_validate({**one, "rows": _rows(one)}) for one in found]
    employer = employer_of(
        [{**one, "employer": one.get("employer") or one.get("queryEmployer")} for one in found], known
    )
    yield profile(head, employer, None)
    empty = True
    for listing in listings:
        for number, raw in enumerate(listing.rows, 1):
            empty = False
            try:
                yield _salary(SalaryIn.model_validate(raw), listing, head, employer)
            except ValidationError as error:
                yield complaint(SOURCE, error, f"salary {number}")
    if empty and any(0 in (one.count, one.filtered) for one in listings):
        yield NoResults(source=SOURCE)
    elif empty:
        raise LayoutChanged(
            "results not in the salary listing, which does not say that there are none", where=SOURCE
        )


def _rows(listing: dict[str, Any]) -> Any:
    return listing.get("results") if isinstance(listing.get("results"), list) else listing.get("salaries")


def _salary(one: SalaryIn, listing: SalariesIn, head: Head, employer: EmployerIn) -> Salary:
    """Return one job's pay. Percentiles and ranges come from a model of the site's, reported rows from people."""
    base, total = one.base.points(), one.total.points()
    place = listing.place
    return Salary(
        source=SOURCE,
        employer=employer.name or head.employer,
        employer_id=employer.ident or head.employer_id,
        job_title=one.job_title,
        count=one.salary_count if one.count is None else one.count,
        currency=one.currency.code if one.currency else None,
        period=_PERIOD.get(one.period or ""),
        base=base or one.reported("base"),
        total=total or one.reported("total"),
        country=place.name if place and place.type == "COUNTRY" else None,
        estimate=bool(base or total) or one.salary_count is not None,
    )
