import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';
import * as z from 'zod';
import { readText } from '../aws-json.ts';
import { SecretsRefusal } from './refusal.ts';
import { readSecret } from './secret-files.ts';

const getSchema = z.looseObject({ SecretId: z.string().min(1).max(2_048) });

/** Secrets Manager's GetSecretValue, in AWS's JSON protocol 1.1, from files. */
export function createSecretsEndpoint(options: {
  readonly folder: string;
  readonly region: string;
}): RequestListener {
  return (request, response) => {
    answer(request, options)
      .then((body) => ({ status: 200, body }), refusal)
      .then(({ status, body }) => {
        response.writeHead(status, {
          'content-type': 'application/x-amz-json-1.1',
          'x-amzn-requestid': randomUUID(),
        });
        response.end(JSON.stringify(body));
      });
  };
}

async function answer(
  request: IncomingMessage,
  { folder, region }: { readonly folder: string; readonly region: string },
): Promise<unknown> {
  const target = String(request.headers['x-amz-target']);
  const text = await readText(request);
  if (target !== 'secretsmanager.GetSecretValue') {
    throw new SecretsRefusal('UnknownOperationException', `${target} is not run on one machine`);
  }
  const { SecretId } = getSchema.parse(JSON.parse(text === '' ? '{}' : text));
  const secret = readSecret(folder, region, SecretId);
  return {
    ARN: secret.arn,
    Name: secret.name,
    // Another content is another version.
    VersionId: createHash('sha256').update(secret.text).digest('hex').slice(0, 32),
    VersionStages: ['AWSCURRENT'],
    SecretString: secret.text,
    CreatedDate: secret.writtenAt.getTime() / 1_000,
  };
}

function refusal(error: unknown): { readonly status: number; readonly body: unknown } {
  if (error instanceof SecretsRefusal) {
    return { status: 400, body: { __type: error.code, Message: error.message } };
  }
  if (error instanceof z.ZodError || error instanceof SyntaxError) {
    return {
      status: 400,
      body: { __type: 'InvalidParameterException', Message: 'Invalid input.' },
    };
  }
  return { status: 500, body: { __type: 'InternalServiceError', Message: 'Internal error.' } };
}
