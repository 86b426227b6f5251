import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { focusMetadata } from '../../lib/billing/export/focus-metadata.ts';
import type { CommandLine } from '../command-line.ts';
import { EXIT, type Io, UsageError } from '../io.ts';
import { jobResult } from '../job-result.ts';
import { monthOption } from '../month.ts';
import { jsonText } from '../output.ts';
import { clientOf } from '../server.ts';

const NAMES: Readonly<Record<string, string>> = {
  xlsx: 'XLSX',
  pdf: 'PDF',
  'focus-parquet': 'Parquet',
};

/** Bills and notes as FOCUS, XLSX or PDF: made by a job of the server, whatever their size. */
export async function exportByJob(line: CommandLine, io: Io): Promise<number> {
  const format = line.required('format');
  const file = line.text('file');
  if (format !== 'focus' && file === undefined) {
    throw new UsageError(`${NAMES[format]} is no text: name the file that it goes to with --file.`);
  }
  const team = line.text('team');
  const result = await jobResult(clientOf(line, io), io, {
    path: `/v1/periods/${monthOption(line)}/exports`,
    body: { format, ...(team === undefined ? {} : { team }) },
    what: 'The export',
    doing: 'Writing the file',
    timeoutSeconds: line.integer('timeout', { min: 1, max: 86_400 }) ?? 900,
  });
  if (file !== undefined) {
    await pipeline(result, createWriteStream(resolve(io.cwd, file)));
    return EXIT.ok;
  }
  for await (const chunk of result.setEncoding('utf8')) await io.out(chunk as string);
  return EXIT.ok;
}

/** What FOCUS wants beside a dataset; it is the same for every month. */
export async function exportFocusMetadata(line: CommandLine, io: Io): Promise<number> {
  const text = jsonText(focusMetadata());
  const file = line.text('file');
  if (file === undefined) await io.out(text);
  else await writeFile(resolve(io.cwd, file), text);
  return EXIT.ok;
}
