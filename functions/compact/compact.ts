import {
  type CompactedLake,
  compactLake,
  type LakeCompactionPorts,
} from '../../lib/compaction/compact-lake.ts';

export interface CompactDeps extends Omit<LakeCompactionPorts, 'onFailure'> {
  readonly log: (message: string, details: Record<string, unknown>) => void;
  readonly logError: (message: string, details: { readonly error: Error }) => void;
}

/** Runs on a schedule; the event says nothing. @throws Error when a day failed, so that an alarm tells of it */
export function compactHandler({ log, logError, ...ports }: CompactDeps) {
  return async (): Promise<CompactedLake> => {
    const result = await compactLake({
      ...ports,
      onFailure(region, date, cause) {
        const error = cause instanceof Error ? cause : new Error(String(cause));
        logError(`${region} ${date} was not compacted`, { error });
      },
    });
    log('compacted', { ...result });
    if (result.failed > 0) throw new Error(`${result.failed} days were not compacted`);
    return result;
  };
}
