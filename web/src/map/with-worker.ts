import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";

/** The code of a map, with that of its worker at hand: a map whose worker did not come stays empty and says nothing. */
export const withWorker = async <Code>(code: Promise<Code>): Promise<Code> => {
  const [came] = await Promise.all([code, fetch(workerUrl).then((answer) => answer.arrayBuffer())]);
  return came;
};
