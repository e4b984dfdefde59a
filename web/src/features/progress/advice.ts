/** What a reader can do about a failure, by its stable code. */
type Advice = { text: string; mayRunAgain: boolean };

const ANOTHER_FILE = false;
const SAME_FILE = true;

const ADVICE: Record<string, Advice> = {
  timeout: { text: "Run it again when the server is less busy, or analyse an extract of the file.", mayRunAgain: SAME_FILE },
  processing_error: { text: "Run it again. If it fails the same way, the file has found a fault of ours: please report it with the id below.", mayRunAgain: SAME_FILE },
  blob_upload_failed: { text: "The storage did not take the file. Wait a moment and run it again.", mayRunAgain: SAME_FILE },
  worker_shutdown: { text: "The server was stopped while it worked. Run it again.", mayRunAgain: SAME_FILE },
  memory_limit_exceeded: { text: "Analyse an extract, or ask whoever runs this server for a higher memory limit.", mayRunAgain: ANOTHER_FILE },
  too_many_attempts: { text: "The work broke off several times. Run it again, or look into the server’s log.", mayRunAgain: SAME_FILE },
  empty_file: { text: "Check that the export finished, then upload the file again.", mayRunAgain: ANOTHER_FILE },
  not_a_table: { text: "Upload a file that holds a table with rows and columns.", mayRunAgain: ANOTHER_FILE },
  unsupported_format: { text: "", mayRunAgain: ANOTHER_FILE }, // the message itself says as what to save it
  corrupt_file: { text: "Open the file in its own program, save it anew and upload that.", mayRunAgain: ANOTHER_FILE },
  encrypted_file: { text: "", mayRunAgain: ANOTHER_FILE }, // the message itself says to remove the password
  invalid_json: { text: "", mayRunAgain: ANOTHER_FILE }, // the message names the place and says to correct it
  sheet_not_found: { text: "Upload the workbook again and choose one of its sheets.", mayRunAgain: ANOTHER_FILE },
  too_many_columns: { text: "Keep the columns you need and upload that extract.", mayRunAgain: ANOTHER_FILE },
  expands_too_far: { text: "Unpack the file yourself and upload what you need of it.", mayRunAgain: ANOTHER_FILE },
};

export const adviceFor = (code: string | null | undefined): Advice =>
  ADVICE[code ?? ""] ?? { text: "Run it again, or upload the file anew.", mayRunAgain: SAME_FILE };
