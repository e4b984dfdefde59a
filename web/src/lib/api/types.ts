/** The API's words, under the names the page uses. Generated from the OpenAPI; never written by hand. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Report = Schemas["Report"];
export type Job = Schemas["Job"];
export type JobStep = Job["step"];
export type ChartSpec = Schemas["ChartSpec"];
export type ClientConfig = Schemas["ClientConfig"];
export type JobList = Schemas["JobList"];
export type Judgements = Schemas["Judgements"];
export type Judgement = Judgements["feedback"][number];
export type Sample = Schemas["Sample"];
export type SampleList = Schemas["SampleList"];
export type Session = Schemas["Session"];
export type Share = Schemas["Share"];
export type SharesOpen = Schemas["SharesOpen"];
export type Submitted = Schemas["Submitted"];
export type ColumnProfile = Schemas["ColumnProfile"];
export type ColumnsPage = Schemas["ColumnsPage"];
export type ToldColumn = Report["schema"][number];
export type Deduction = Schemas["Deduction"];
export type Evidence = Schemas["Evidence"];
export type Fact = Schemas["Fact"];
export type Filter = Schemas["Filter"];
export type Insight = Schemas["Insight"];
export type InsightsMetadata = Schemas["InsightsMetadata"];
export type KeyedValue = Schemas["KeyedValue"];
export type KpiCard = Schemas["KpiCard"];
export type Measure = Schemas["Measure"];
export type RelatedPair = Schemas["RelatedPair"];
export type RelatedPairs = Schemas["RelatedPairs"];
export type PartAnswer = Schemas["Facts"];
export type PointsAsked = Schemas["PointsAsked"];
export type Points = Schemas["Points"];
export type Receipt = Schemas["Receipt"];
export type Scalar = string | number | boolean | null;
export type Row = Record<string, Scalar>;
export type NumericStats = Schemas["NumericStats"];
export type Ambiguity = Receipt["ambiguities"][number];
export type ReadingOptions = Receipt["options"];
/** Only what the reader asks for; what is left out stays the program's own choice. */
export type ReadingWishes = Partial<{ [Name in keyof ReadingOptions]: NonNullable<ReadingOptions[Name]> }>;
export type OutboundLedger = Schemas["OutboundLedger"];
