/** What `next/dynamic` is for the page is a plain lazy part here, where everything lies in one file anyway. */
import { lazy, Suspense, type ComponentType } from "react";

export default function dynamic<Props extends object>(load: () => Promise<ComponentType<Props> | { default: ComponentType<Props> }>) {
  const Part = lazy(async () => {
    const found = await load();
    return "default" in found ? found : { default: found };
  });
  return function Dynamic(props: Props) {
    return (
      <Suspense fallback={null}>
        <Part {...props} />
      </Suspense>
    );
  };
}
