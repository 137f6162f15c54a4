// Decides at start which file of read models is served, which one is built on, and which ones go.
import {
  FOLD_VERSION,
  generations,
  inspectReadModel,
  readModelFile,
  removeReadModel,
  type ReadModelState,
} from './read-model-file';

export interface ReadModelChoice {
  /** Generation that is served, as soon as it has caught up. */
  readonly serving: number;
  /** Generation that is built beside it; undefined when the served one is of this build's folds. */
  readonly building: number | undefined;
  /** Highest generation in use. */
  readonly lastGeneration: number;
}

interface Found extends ReadModelState {
  readonly generation: number;
}

/** Deletes files that are of no use: damaged, of another store or layout, or overtaken. */
export function chooseReadModels(dataDir: string, storeId: string): ReadModelChoice {
  const found: Found[] = [];
  for (const generation of generations(dataDir)) {
    const state = inspectReadModel(readModelFile(dataDir, generation), storeId);
    if (state) found.push({ ...state, generation });
    else removeReadModel(dataDir, generation);
  }
  const choice = choose(found);
  for (const { generation } of found) {
    const isUsed = generation === choice.serving || generation === choice.building;
    if (!isUsed) removeReadModel(dataDir, generation);
  }
  return choice;
}

/** `found` is in order, newest first. */
function choose(found: readonly Found[]): ReadModelChoice {
  const newest = found[0]?.generation ?? 0;
  const isCurrent = ({ foldVersion }: Found): boolean => foldVersion === FOLD_VERSION;
  const serving = found.find(({ complete }) => complete);
  const unfinished = found.find((one) => !one.complete && isCurrent(one))?.generation ?? newest + 1;
  const lastGeneration = Math.max(newest, unfinished);
  if (!serving) return { serving: unfinished, building: undefined, lastGeneration };
  const building = isCurrent(serving) ? undefined : unfinished;
  return { serving: serving.generation, building, lastGeneration };
}
