import type { SweepProgress, SweepProgressStore } from '../../ports/sweep-progress.ts';

export function memorySweepProgress(): SweepProgressStore {
  let present: SweepProgress | null = null;
  return {
    async get() {
      return present;
    },
    async put(progress) {
      present = { ...progress };
    },
  };
}
