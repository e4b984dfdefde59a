/** Talk to the API: one function a verb, one kind of error. Knows addresses and shapes; knows nothing of pages. */
import { takeEarly, type EarlyAnswer } from "../early";
import type { ClientConfig, ColumnsPage, Insight, Job, JobList, Judgements, Measure, OutboundLedger, PartAnswer, PointsAsked, ReadingWishes, Report, SampleList, Session, Share, SharesOpen, Submitted } from "./types";

/** What a server refused and why; `code` is stable, `message` is a sentence for people. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = "ApiProblem";
  }
}

const OFFLINE = new ApiProblem(0, "unreachable", "The server does not answer. Check that it is running, then try again.");

/** Hears `needed` whenever the server asked for a key that did not come with the request. */
export const signIn = new EventTarget();

/** Make the problem a response describes (RFC 9457), or a plain one where the body says nothing we understand. */
export function problemOf(status: number, body: string): ApiProblem {
  if (status === 401) signIn.dispatchEvent(new Event("needed"));
  try {
    const said = JSON.parse(body) as Record<"code" | "detail" | "title" | "advice", unknown>;
    const isForPrograms = String(said.advice).includes("/api/"); // which address to ask next; readers have links
    const texts = [said.detail ?? said.title, isForPrograms ? "" : said.advice].filter((text) => typeof text === "string" && text !== "");
    return new ApiProblem(status, typeof said.code === "string" ? said.code : `http_${status}`, texts.join(" ") || `The server answered ${status}.`);
  } catch {
    return new ApiProblem(status, `http_${status}`, `The server answered ${status}.`);
  }
}

/** The token of a share link, which stands in the address until it has become a session. */
export const shareToken = () => new URL(window.location.href).searchParams.get("share");

/** Ask once whoever asks is known: a share link's page begins anew with a session, and what it asks before would be refused. */
const ask = <T>(path: string, init?: RequestInit): Promise<T> => (shareToken() ? new Promise<T>(() => undefined) : askNow<T>(path, init));

async function askNow<T>(path: string, init?: RequestInit): Promise<T> {
  let status: number;
  let body: string;
  try {
    ({ status, body } = await (takeEarly(path) ?? answerOf(path, init)));
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw OFFLINE;
  }
  if (status < 200 || status > 299) throw problemOf(status, body);
  return JSON.parse(body) as T;
}

async function answerOf(path: string, init?: RequestInit): Promise<EarlyAnswer> {
  const response = await fetch(path, { ...init, headers: { Accept: "application/json", ...init?.headers } });
  return { status: response.status, body: await response.text() };
}

const posted = (body?: unknown): RequestInit => ({ method: "POST", body: body === undefined ? undefined : JSON.stringify(body), headers: { "Content-Type": "application/json" } });

const post = <T>(path: string, body?: unknown): Promise<T> => ask<T>(path, posted(body));

const id = (jobId: string) => encodeURIComponent(jobId);

export const getConfig = (signal?: AbortSignal) => ask<ClientConfig>("/api/config", { signal });
export const getSamples = async (signal?: AbortSignal) => (await ask<SampleList>("/api/samples", { signal })).samples;
export const getJob = (jobId: string, signal?: AbortSignal) => ask<Job>(`/api/job-status?jobId=${id(jobId)}`, { signal });
export const listJobs = async (signal: AbortSignal | undefined, limit: number) => (await ask<JobList>(`/api/jobs?limit=${limit}`, { signal })).jobs;
export const getReport = (jobId: string, signal?: AbortSignal) => ask<Report>(`/api/result?jobId=${id(jobId)}`, { signal });
export const cancelJob = (jobId: string) => post<unknown>(`/api/cancel?jobId=${id(jobId)}`);
/** Delete an ended job with all that is kept of it. */
export const deleteJob = (jobId: string) => ask<unknown>(`/api/jobs/${id(jobId)}`, { method: "DELETE" });
export const submitSample = (sample: string) => post<Submitted>("/api/upload", { sample });
export const submitUrl = (fileUrl: string) => post<Submitted>("/api/upload", { fileUrl });

export const getSession = (signal?: AbortSignal) => ask<Session>("/api/session", { signal });
export const openSession = (key: string) => post<Session>("/api/session", { key });
export const openShared = (jobId: string, share: string) => askNow<Session>("/api/session", posted({ jobId, share }));
export const closeSession = () => ask<Session>("/api/session", { method: "DELETE" });

/** A new link by which anybody reads this job. */
export const makeLink = (jobId: string) => post<Share>(`/api/jobs/${id(jobId)}/share`);
/** How many links to this job are open. */
export const getLinks = (jobId: string, signal?: AbortSignal) => ask<SharesOpen>(`/api/jobs/${id(jobId)}/share`, { signal });
/** Make every link to this job worthless. */
export const closeLinks = (jobId: string) => ask<Share>(`/api/jobs/${id(jobId)}/share`, { method: "DELETE" });
export const eventsAddress = (jobId: string) => `/api/jobs/${id(jobId)}/events`;
export const reportAddress = (jobId: string) => `/api/result?jobId=${id(jobId)}`;
export const tableAddress = (jobId: string, format: "csv" | "parquet") => `/api/jobs/${id(jobId)}/table?format=${format}`;

/** The whole analysis as one HTML file that works offline. */
export const pageAddress = (jobId: string) => `/api/jobs/${id(jobId)}/page`;

/** Some of the columns, each with all that is known of it, of those whose name or type holds `search`. */
export const getColumns = (jobId: string, { offset, limit, search }: { offset: number; limit: number; search: string }, signal?: AbortSignal) =>
  ask<ColumnsPage>(`/api/jobs/${id(jobId)}/columns?${new URLSearchParams({ offset: `${offset}`, limit: `${limit}`, search }).toString()}`, { signal });

/** Facts for these measures and rows for these clouds, in their order, computed now over the stored table. */
export const askPart = (jobId: string, { measures, clouds }: { measures: Measure[]; clouds: PointsAsked[] }, signal?: AbortSignal) =>
  ask<PartAnswer>(`/api/jobs/${id(jobId)}/facts`, { ...posted({ measures, clouds }), signal });

/** Facts for these measures, in their order. */
export const askFacts = async (jobId: string, measures: Measure[], signal?: AbortSignal) => (await askPart(jobId, { measures, clouds: [] }, signal)).facts;

/** Analyse the stored file again, read as told; the analysis it had is replaced. */
export const readAgain = (jobId: string, options: ReadingWishes) => post<Submitted>("/api/reread", { jobId, options });

/** What left for a language model on behalf of a job. */
export const getOutbound = (jobId: string, signal?: AbortSignal) => ask<OutboundLedger>(`/api/jobs/${id(jobId)}/outbound`, { signal });

/** The latest judgement of each insight of a job. */
export const getJudgements = async (jobId: string, signal?: AbortSignal) => (await ask<Judgements>(`/api/jobs/${id(jobId)}/feedback`, { signal })).feedback;

export type FeedbackSaid = { jobId: string; insightId: string; action: "approve" | "edit" | "reject" | "skip"; score: number; reason?: string; comment?: string; edited?: Insight };

/** Keep what a reader thinks of one finding. */
export const sendFeedback = (said: FeedbackSaid) => post<{ feedbackId: string }>("/api/feedback", said);

/**
 * Send a file and report how much of it has left (0-1).
 *
 * XMLHttpRequest, because fetch cannot say how far an upload is.
 */
export function submitFile(file: File, options: { onSent: (share: number) => void; signal: AbortSignal }): Promise<Submitted> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/upload");
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) options.onSent(event.loaded / event.total);
    };
    request.onload = () => {
      if (request.status < 200 || request.status > 299) reject(problemOf(request.status, request.responseText));
      else resolve(JSON.parse(request.responseText) as Submitted);
    };
    request.onerror = () => reject(OFFLINE);
    request.onabort = () => reject(new DOMException("The upload was stopped.", "AbortError"));
    options.signal.addEventListener("abort", () => request.abort(), { once: true });
    const form = new FormData();
    form.set("file", file);
    request.send(form);
  });
}

/** Run a finished job again from its stored upload, read the same way as before. */
export const runAgain = (jobId: string) => post<Submitted>("/api/reread", { jobId, options: {} });
