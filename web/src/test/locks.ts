/** The part of the Web Locks API that the page uses, which jsdom does not have. */
export function lockManager(): LockManager {
  const held = new Set<string>();
  const request = async (name: string, _options: LockOptions, whenAsked: (lock: Lock | null) => Promise<void> | void) => {
    if (held.has(name)) return whenAsked(null);
    held.add(name);
    await whenAsked({ name, mode: "exclusive" });
    held.delete(name);
  };
  return { request, query: async () => ({}) } as unknown as LockManager;
}
