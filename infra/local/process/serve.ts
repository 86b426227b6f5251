import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as z from 'zod';

const requestSchema = z.object({ type: z.literal('prepare'), declared: z.unknown() });

export interface EmbeddedServer {
  readonly port: number;
  prepare(declared: unknown): Promise<void>;
  stop(): Promise<void>;
}

/**
 * The child's side of `Service`: reports the port, prepares what it is told to, and ends when the
 * parent lets go of the channel or is killed.
 */
export function serve(start: (settings: unknown) => Promise<EmbeddedServer>): void {
  // Ctrl-C reaches the whole process group; the parent decides the order of ending.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => {});
  // dynalite throws when a client that was killed leaves a request unfinished.
  process.on('uncaughtException', (error) => {
    if ('code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE')) return;
    process.stderr.write(`${error.stack}\n`, () => process.exit(1));
  });
  const running = start(JSON.parse(process.argv[2] ?? '{}'));
  running.then(
    ({ port }) => process.send?.({ type: 'ready', port }),
    (error: unknown) => fail(error),
  );
  process.on('message', async (message) => {
    try {
      const { declared } = requestSchema.parse(message);
      await (await running).prepare(declared);
      process.send?.({ type: 'prepared' });
    } catch (error) {
      fail(error);
    }
  });
  process.on('disconnect', async () => {
    setTimeout(() => process.exit(1), 4_000).unref();
    await running.then((server) => server.stop()).catch(() => {});
    process.exit(0);
  });
}

function fail(error: unknown): void {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.send?.({ type: 'failed', message });
}

/** Listens on this machine only. @returns the port */
export async function listenLocally(server: Server, port = 0): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}
