import type { Messages } from '../../ports/messages.ts';

type LandingObject = Parameters<Messages['offerLandingObjects']>[0][number];

/** Keeps what was sent, for tests to look at. */
export interface MemoryMessages extends Messages {
  readonly wakeUps: readonly { readonly delaySeconds: number }[];
  readonly landingObjects: readonly LandingObject[];
  readonly usageExports: readonly string[];
}

export function memoryMessages(): MemoryMessages {
  const wakeUps: { readonly delaySeconds: number }[] = [];
  const landingObjects: LandingObject[] = [];
  const usageExports: string[] = [];
  return {
    wakeUps,
    landingObjects,
    usageExports,
    async wakeMetering(delaySeconds) {
      wakeUps.push({ delaySeconds });
    },
    async offerLandingObjects(objects) {
      landingObjects.push(...objects);
    },
    async startUsageExport(jobId) {
      usageExports.push(jobId);
    },
  };
}
