import { useEffect } from "react";

/** Keep the tab's title, also when the static one of the page arrives later than what it is replaced by; null leaves it alone. */
export function useTitle(title: string | null) {
  useEffect(() => {
    if (title === null) return;
    const keep = () => {
      if (document.title !== title) document.title = title;
    };
    keep();
    const observer = new MutationObserver(keep);
    observer.observe(document.head, { childList: true, subtree: true, characterData: true });
    return () => observer.disconnect();
  }, [title]);
}
