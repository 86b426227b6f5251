import * as z from 'zod';
import { ProblemError } from '../../lib/errors.ts';
import { fieldError } from '../http/contracts/shared.ts';
import { json, type Reply } from '../http/reply.ts';
import type { Runs } from './ports.ts';

/** How Lambda tells Step Functions of an error that a handler threw. */
const lambdaError = z.object({
  errorMessage: z.string(),
  errors: z.array(fieldError).optional(),
});

/** @param prefix of the names of these runs: one of another kind is not found here */
export async function runReply(runs: Runs, name: string, prefix: string): Promise<Reply> {
  const found = name.startsWith(prefix) ? await runs.describe(name) : null;
  if (found === null) {
    throw new ProblemError('not_found', `There is no run "${name}"; runs are kept for 90 days.`);
  }
  const failed = found.status !== 'RUNNING' && found.status !== 'SUCCEEDED';
  const reason = failed ? reasonOf(found) : { detail: null, errors: [] };
  return json(200, { name, status: found.status, output: found.output ?? null, ...reason });
}

function reasonOf(run: { readonly error: string | null; readonly cause: string | null }) {
  const parsed = lambdaError.safeParse(jsonOrNull(run.cause ?? ''));
  if (parsed.success) {
    return { detail: parsed.data.errorMessage, errors: parsed.data.errors ?? [] };
  }
  const detail = run.cause ?? run.error ?? 'It ended without giving a reason; the log has more.';
  return { detail, errors: [] };
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
