/** There is nowhere to go from a saved file; what would navigate is not offered in it. */
export const useRouter = () => ({ push: () => undefined, replace: () => undefined, prefetch: () => undefined, back: () => undefined });
export const usePathname = () => "/";
export const useSearchParams = () => new URLSearchParams();
