import { readFile } from 'node:fs/promises';
import { Instrumenter } from '@stryker-mutator/instrumenter';

/** A small change of a program, behind a switch of its own. */
export interface Mutant {
  readonly id: string;
  /** Relative to the root. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly mutator: string;
  readonly original: string;
  readonly replacement: string;
}

export interface Instrumented {
  /** By path, as it was given. */
  readonly sources: ReadonlyMap<string, string>;
  readonly mutants: readonly Mutant[];
}

const quiet = () => undefined;
const LOGGER = {
  ...{ trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet, fatal: quiet },
  ...{ isTraceEnabled: () => false, isDebugEnabled: () => false, isInfoEnabled: () => false },
  ...{ isWarnEnabled: () => false, isErrorEnabled: () => false, isFatalEnabled: () => false },
};

/** Writes all mutants that Stryker knows of into the sources, each asleep until its id is the active one. */
export async function instrument(paths: readonly string[]): Promise<Instrumented> {
  const texts = new Map<string, string>();
  for (const path of paths) texts.set(path, await readFile(path, 'utf8'));
  const files = [...texts].map(([name, content]) => ({ name, content, mutate: true }));
  const options = { plugins: null, ignorers: [], excludedMutations: [] };
  const { files: written, mutants } = await new Instrumenter(LOGGER).instrument(files, options);
  return {
    sources: new Map(written.map(({ name, content }) => [name, switched(content)])),
    mutants: mutants.map(({ id, fileName, mutatorName, replacement = '', location }) => ({
      ...{ id, file: fileName, line: location.start.line + 1, mutator: mutatorName },
      ...{ original: textAt(texts.get(fileName) ?? '', location), replacement },
    })),
  };
}

/** Asks our own switchboard, by number, where Stryker's own go by text. */
function switched(source: string): string {
  return source.replaceAll(
    /\bstry(MutAct|Cov)_9fa48\(("\d+"(?:, "\d+")*)\)/g,
    (_, which: string, ids: string) =>
      `__mutants__.${which === 'Cov' ? 'pass' : 'isAwake'}(${ids.replaceAll('"', '')})`,
  );
}

interface Place {
  /** From 0. */
  readonly line: number;
  readonly column: number;
}

function textAt(
  source: string,
  { start, end }: { readonly start: Place; readonly end: Place },
): string {
  const lines = source.split('\n').slice(start.line, end.line + 1);
  const last = lines.length - 1;
  return lines
    .map((line, index) =>
      line.slice(index === 0 ? start.column : 0, index === last ? end.column : undefined),
    )
    .join('\n');
}
