import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take a minute or two, mostly waiting: begun last, one of them would keep the whole run waiting for it alone. */
const LONGEST = ['tests/faults/killed-core', 'embedded/start-embedded-postgres', 'core/src/cli/cli'];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // The sequencer has its own `sort`.
    // oxlint-disable-next-line no-array-sort
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => rank(one) - rank(other));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const place = LONGEST.findIndex((name) => moduleId.includes(`${name}.test.`));
  return place === -1 ? LONGEST.length : place;
}
