import { open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { bytesOfRow } from '../../lib/quarantine/quarantine-file.ts';
import { type Client, segment } from '../client.ts';
import type { CommandLine } from '../command-line.ts';
import { download } from '../download.ts';
import { EXIT, type Io, UsageError } from '../io.ts';
import { textLines, unreadable } from '../lines.ts';
import { poll } from '../poll.ts';
import { progress } from '../progress.ts';
import { putWithRetry } from '../put-file.ts';
import { ingestPage } from '../responses/ingests.ts';
import { quarantinedRow, quarantinedRows, replayed } from '../responses/quarantine.ts';
import { clientOf } from '../server.ts';
import { uploadName } from '../upload-file.ts';
import { ingestLine, ingestRecord, remarks } from './ingest-report.ts';

/** Writes the refused rows to a file, or sends that file or the rows as they are. */
export async function replay(id: string, line: CommandLine, io: Io): Promise<number> {
  const given = ['out', 'file', 'code'].filter((flag) => line.has(flag));
  if (line.has('file') && given.length > 1) {
    throw new UsageError('--file sends the rows that are in it: leave --code and --out out.');
  }
  const client = clientOf(line, io);
  const out = line.text('out');
  if (out !== undefined) return await writeRows(client, { id, out, code: line.text('code') }, io);
  const key = await send(client, { id, line, io });
  return await report(client, { key, line, io });
}

async function writeRows(
  client: Client,
  {
    id,
    out,
    code,
  }: { readonly id: string; readonly out: string; readonly code: string | undefined },
  io: Io,
): Promise<number> {
  const path = `/v1/ingests/${segment(id)}/quarantine`;
  const { url } = quarantinedRows.parse(
    (await client.send('GET', path, { query: { limit: 1 } })).body,
  );
  if (url === null) {
    io.err(`The ingest ${id} has no refused rows.\n`);
    return EXIT.failed;
  }
  const file = await open(resolve(io.cwd, out), 'wx').catch((error: unknown) => {
    throw taken(out, error);
  });
  const counts = { rows: 0, cut: 0 };
  async function* mendable(url: string): AsyncGenerator<Buffer> {
    for await (const text of textLines(await download(url, 'The rows'))) {
      if (text === '') continue;
      const row = quarantinedRow.parse(JSON.parse(text));
      if (code !== undefined && row.code !== code) continue;
      counts.rows += 1;
      if (row.keptAs === 'head') counts.cut += 1;
      yield Buffer.concat([bytesOfRow(row), LINE_FEED]);
    }
  }
  // The stream closes the file, also when it fails.
  await pipeline(mendable(url), file.createWriteStream());
  await io.out(`${out} rows=${counts.rows}\n`);
  if (counts.cut > 0) {
    io.err(
      `Of ${counts.cut} rows only the start is there: they are longer than a row may be. Take them from the export.\n`,
    );
  }
  return EXIT.ok;
}

const LINE_FEED = Buffer.from('\n');

function taken(out: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EEXIST') return new UsageError(`${out} is there already: --out takes a new file.`);
  return unreadable(out, error);
}

/** @returns the landing key of the new object */
async function send(
  client: Client,
  { id, line, io }: { readonly id: string; readonly line: CommandLine; readonly io: Io },
): Promise<string> {
  const path = `/v1/ingests/${segment(id)}/quarantine/replay`;
  const file = line.text('file');
  if (file === undefined) {
    const code = line.text('code');
    const body = code === undefined ? {} : { code };
    return replayed.parse((await client.send('POST', path, { body, repeatable: true })).body)
      .ingestKey;
  }
  const full = resolve(io.cwd, file);
  const info = await stat(full).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  const answer = await client.send('POST', path, { body: { fileName: uploadName(full) } });
  const { ingestKey, url } = replayed.parse(answer.body);
  if (url === null) throw new Error('The server names no place to put the file.');
  await putWithRetry(url, [{ path: full, start: 0, sizeBytes: info.size }], io.sleep);
  return ingestKey;
}

async function report(
  client: Client,
  { key, line, io }: { readonly key: string; readonly line: CommandLine; readonly io: Io },
): Promise<number> {
  const timeoutSeconds = line.integer('timeout', { min: 1, max: 86_400 }) ?? 900;
  const shown = progress(io);
  const ingest = line.has('wait')
    ? await poll(io, { timeoutSeconds, what: key }, async () => {
        const page = ingestPage.parse(
          (await client.send('GET', '/v1/ingests', { query: { key } })).body,
        );
        const [found] = page.items;
        return found?.state === 'metered' || found?.state === 'refused' ? found : null;
      }).finally(shown.done)
    : null;
  const failure = ingest?.state === 'refused' ? `refused: ${ingest.problem ?? ''}` : null;
  const outcome = { file: line.text('file') ?? 'replay', keys: [key], ingest, failure };
  const output = line.text('output') ?? 'text';
  if (output !== 'text') {
    await io.out(`${JSON.stringify(ingestRecord(outcome), null, output === 'json' ? 2 : 0)}\n`);
  } else if (failure === null) await io.out(`${ingestLine(outcome)}\n`);
  for (const text of remarks(outcome)) io.err(`${text}\n`);
  return failure === null ? EXIT.ok : EXIT.failed;
}
