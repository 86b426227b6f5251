import type { ApiProblem } from './client.ts';

/** The problem in the server's words, and each fault on a line. */
export function problemText(problem: ApiProblem): string {
  const faults = problem.errors.map(
    ({ pointer, message }) => `  ${pointer === '' ? '(whole)' : pointer}: ${message}`,
  );
  const id =
    problem.status >= 500 && problem.requestId !== null ? [`  request ${problem.requestId}`] : [];
  return [problem.message, ...faults, ...id].join('\n');
}
