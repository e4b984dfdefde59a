/** How many event streams this browser keeps open to the server, over all of its tabs. */

/** A browser keeps six connections to a server that speaks HTTP/1.1: half of them stay free for pages and answers. */
const MOST_STREAMS = 3;

type Release = () => void;

/**
 * Take one of the browser's places for a stream: what gives it back, or null where other tabs hold them all. A tab that closes
 * gives its place back by itself. Undefined where the browser has no locks (plain HTTP to another machine): then nobody counts.
 */
export function takeStreamSlot(): Promise<Release | null> | undefined {
  const locks = typeof navigator === "undefined" ? undefined : navigator.locks;
  return locks && firstFree(locks);
}

async function firstFree(locks: LockManager): Promise<Release | null> {
  for (let place = 1; place <= MOST_STREAMS; place += 1) {
    const release = await tryLock(locks, `stream-${place}`);
    if (release) return release;
  }
  return null;
}

function tryLock(locks: LockManager, name: string): Promise<Release | null> {
  return new Promise((resolve) => {
    const held = locks.request(name, { ifAvailable: true }, (lock) => (lock ? new Promise<void>((release) => resolve(release)) : resolve(null)));
    held.catch(() => resolve(null)); // a page that is being left may take no lock
  });
}
