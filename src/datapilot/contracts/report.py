"""The report is what a job makes, `results/{jobId}.json`: the same for the same file, apart from ids and times."""

from pydantic import Field

from datapilot.contracts.base import Contract, Scalar
from datapilot.contracts.chart import ChartSpec
from datapilot.contracts.insight import Insights
from datapilot.contracts.measure import Fact
from datapilot.contracts.profile import NumericStats, RelatedPairs, ToldColumn
from datapilot.contracts.quality import QualityBill
from datapilot.contracts.table import FileType, Receipt

SCHEMA_VERSION = "1.0"


class FileInfo(Contract):
    """The file as it came, and the size of the table found in it."""

    name: str
    rows: int
    cols: int
    type: FileType
    bytes: int
    sheet: str | None = None


class KpiCard(Contract):
    """One figure worth a card. `change` is against the last complete period before, as a fraction, with both
    periods named in `period`; `chart_id` gives the card its sparkline; `how` says how it was computed."""

    label: str
    value: float | int | None
    display: str
    unit: str | None = None
    fact_id: str
    change: float | None = None
    change_display: str | None = None
    change_fact_id: str | None = None
    period: str | None = None
    chart_id: str | None = None
    how: str


class Kpis(Contract):
    """Counts and statistics of the whole table; every value is a fact or recomputed by `datapilot verify`."""

    row_count: int
    col_count: int
    missing_count: int
    num_duplicates: int
    numeric_stats: dict[str, NumericStats]
    cards: tuple[KpiCard, ...] = ()


class ReportIssue(Contract):
    """Something the reader of the report should know about how it was made."""

    code: str
    message: str


class ColumnsTold(Contract):
    """How many columns `schema` describes in full, how many by counts alone, and how many it has no room for.
    `/api/jobs/{id}/columns` describes every column in full."""

    in_full: int
    in_brief: int
    left_out: int


class Report(Contract):
    """result.json, never larger than 2 MB. `schema` lists the columns in file order: all of them up to 500, in a wider
    table the most informative ones (see `columns_told`); `cleaned_preview` the first 50 rows as typed values; `facts`
    holds what headline, KPIs, quality, charts and insights cite."""

    schema_version: str = SCHEMA_VERSION
    job_id: str
    file_info: FileInfo
    columns: tuple[ToldColumn, ...] = Field(alias="schema")
    columns_told: ColumnsTold | None = Field(
        default=None, description="absent in results that were made before it was counted: they tell all in full"
    )
    kpis: Kpis
    together: RelatedPairs | None = Field(default=None, description="absent in results of earlier versions")
    cleaned_preview: tuple[dict[str, Scalar], ...] = Field(max_length=50)
    chart_specs: tuple[ChartSpec, ...]
    quality_score: int
    quality: QualityBill
    facts: tuple[Fact, ...]
    insights: Insights
    receipt: Receipt
    issues: tuple[ReportIssue, ...]
    made_by: str | None = Field(
        default=None, description="the version of DataPilot whose rules made it; absent in results of earlier versions"
    )
    processed_at: str
