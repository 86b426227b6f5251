import type { ExportedMonth } from './exported-month.ts';

/** How somebody who holds the paper finds out whether it is what was billed. */
export function verifyText({ period, team, revision }: ExportedMonth): string {
  const hash =
    'The SHA-256 of a document is that of its canonical JSON (RFC 8785) without number and dates, and the same as the API tells.';
  if (revision === 0) return `${hash} Estimates change with every hour that is metered.`;
  return `${hash} To make the documents again from what the close kept, and compare: headroom bill verify ${period}${team === null ? '' : ` --team ${shellWord(team)}`}`;
}

function shellWord(text: string): string {
  return /^[\w.@%+=:,/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
