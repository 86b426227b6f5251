import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import * as z from 'zod';
import { readText } from './aws-json.ts';

/** What a service refuses to do, by the name of its error (`ExecutionDoesNotExist`): status 400. */
export class ServiceRefusal extends Error {
  override readonly name = 'ServiceRefusal';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** An action of a service: gets the body of the request, and gives that of the answer. @throws ServiceRefusal */
type Action = (body: unknown) => unknown;

interface JsonService {
  /** Of AWS's JSON protocol. */
  readonly version: '1.0' | '1.1';
  /** By their targets, `AWSEvents.PutEvents`; others are not run on one machine. */
  readonly actions: Readonly<Record<string, Action>>;
  /** What the service calls a body that it cannot read. */
  readonly invalid: string;
  /** What it calls a fault of its own. */
  readonly internal: string;
}

/** A service in AWS's JSON protocol. */
export function jsonEndpoint(service: JsonService): RequestListener {
  return (request, response) => {
    const target = String(request.headers['x-amz-target']);
    readText(request)
      .then((text) => answer(service, target, text))
      .then(
        (body) => ({ status: 200, body }),
        (error: unknown) => refusal(service, error),
      )
      .then(({ status, body }) => {
        response.writeHead(status, {
          'content-type': `application/x-amz-json-${service.version}`,
          'x-amzn-requestid': randomUUID(),
        });
        response.end(JSON.stringify(body));
      });
  };
}

async function answer({ actions }: JsonService, target: string, text: string): Promise<unknown> {
  const action = actions[target];
  if (action === undefined) {
    throw new ServiceRefusal('UnknownOperationException', `${target} is not run on one machine`);
  }
  return await action(JSON.parse(text === '' ? '{}' : text));
}

function refusal({ invalid, internal }: JsonService, error: unknown) {
  const told = (status: number, code: string, message: string) => ({
    status,
    body: { __type: code, message },
  });
  if (error instanceof ServiceRefusal) return told(400, error.code, error.message);
  if (error instanceof z.ZodError || error instanceof SyntaxError) {
    return told(400, invalid, error.message);
  }
  return told(500, internal, String(error));
}
