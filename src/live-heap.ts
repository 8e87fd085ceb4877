import { type PerformanceEntry, PerformanceObserver, constants } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";

interface Collection extends PerformanceEntry {
  readonly detail: { readonly kind: number };
}

/** Tells the bytes of heap in use now, and after each full garbage collection: what is held, without what waits for one. */
export const watchLiveHeap = (tell: (bytes: number) => void): void => {
  const look = () => tell(getHeapStatistics().used_heap_size);
  const observer = new PerformanceObserver((list) => {
    const collections = list.getEntries() as Collection[];
    if (collections.some(({ detail }) => detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR)) look();
  });
  observer.observe({ type: "gc" });
  look();
};
