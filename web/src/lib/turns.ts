/** Work that can wait, done one piece at a time so that the reader's own doings always come between two pieces. */
type Piece = { run: () => void; isUrgent: boolean };

const waiting: Piece[] = [];
let isUnderWay = false;

const LONGEST_WAIT_MS = 2000; // on a page that is never quiet a piece is done all the same
const BREATH_MS = 50; // between two pieces where the browser cannot say when it is quiet

/** Do a piece of work when its turn has come: an urgent one next, another when the browser is quiet. What is returned takes it back. */
export function inTurn(run: () => void, { isUrgent = false } = {}): () => void {
  const piece = { run, isUrgent };
  waiting.push(piece);
  goOn();
  return () => {
    const at = waiting.indexOf(piece);
    if (at >= 0) waiting.splice(at, 1);
  };
}

function goOn() {
  if (isUnderWay || waiting.length === 0) return;
  isUnderWay = true;
  const next = () => {
    isUnderWay = false;
    const urgent = waiting.findIndex((piece) => piece.isUrgent);
    const [piece] = waiting.splice(Math.max(0, urgent), 1);
    try {
      piece?.run();
    } finally {
      goOn();
    }
  };
  if (waiting.some((piece) => piece.isUrgent)) setTimeout(next);
  else if (typeof requestIdleCallback === "undefined") setTimeout(next, BREATH_MS);
  else requestIdleCallback(next, { timeout: LONGEST_WAIT_MS });
}
