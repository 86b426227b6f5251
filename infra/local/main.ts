import { parseArgs } from 'node:util';
import { type LocalEvent, startLocal } from './start.ts';

const USAGE =
  'usage: node infra/local/main.ts --assembly cdk.out/local --data .headroom [--port N]';

/** Runs an assembly until Ctrl-C or SIGTERM. Prints one line of JSON with its address when it is ready. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      assembly: { type: 'string' },
      data: { type: 'string' },
      port: { type: 'string' },
    },
  });
  const port = values.port === undefined ? undefined : Number(values.port);
  const portFits = port === undefined || (Number.isInteger(port) && port >= 0 && port < 65_536);
  if (values.assembly === undefined || values.data === undefined || !portFits) {
    process.stderr.write(`${USAGE}\n`);
    process.exit(2);
  }
  let stop: (code: number) => void = (code) => process.exit(code);
  process.on('SIGINT', () => stop(0));
  process.on('SIGTERM', () => stop(0));
  const app = await startLocal({
    assembly: values.assembly,
    dataDir: values.data,
    ...(port !== undefined && { port }),
    onEvent: (event) => {
      process.stderr.write(`${describe(event)}\n`);
      if (event.type === 'broken') stop(1);
    },
  });
  let stopping = false;
  stop = (code) => {
    // A second Ctrl-C does not wait any longer.
    if (stopping) process.exit(130);
    stopping = true;
    app.stop().then(
      () => process.exit(code),
      (error: unknown) => fail(error),
    );
  };
  process.stdout.write(`${JSON.stringify({ url: app.url, pid: process.pid })}\n`);
}

function describe(event: LocalEvent): string {
  if (event.type === 'function-error') {
    return `${event.functionId} failed: ${event.errorType}: ${event.message}`;
  }
  if (event.type === 'recovered') {
    return `after an unclean stop: ${event.objectEvents} object events raised again, ${event.executions} executions ended`;
  }
  return event.message;
}

function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

main().catch(fail);
