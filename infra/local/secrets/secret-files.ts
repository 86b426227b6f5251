import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceRefusal } from '../json-endpoint.ts';
import { ACCOUNT_ID } from '../template/identity.ts';

export interface StoredSecret {
  readonly arn: string;
  readonly name: string;
  readonly text: string;
  readonly writtenAt: Date;
}

const NAME = /^[A-Za-z0-9/_+=.@-]{1,512}$/;
const ARN = /^arn:aws:secretsmanager:[a-z0-9-]+:\d{12}:secret:(.+?)(?:-[A-Za-z0-9]{6})?$/;

/** Bits of a file's mode that let others than its owner read or write it. */
const OF_OTHERS = 0o077;

/**
 * Reads `<folder>/<name>.json`, each time anew: a changed secret counts at once.
 * @throws ServiceRefusal as Secrets Manager would; also when others may read the file
 */
export function readSecret(folder: string, region: string, secretId: string): StoredSecret {
  const name = ARN.exec(secretId)?.[1] ?? secretId;
  if (!NAME.test(name) || name.split('/').some((part) => part === '' || /^\.+$/.test(part))) {
    throw new ServiceRefusal('InvalidParameterException', 'Invalid name.');
  }
  const path = join(folder, `${name}.json`);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || !found.isFile()) {
    throw new ServiceRefusal(
      'ResourceNotFoundException',
      "Secrets Manager can't find the specified secret.",
    );
  }
  if ((found.mode & OF_OTHERS) !== 0) {
    throw new ServiceRefusal(
      'AccessDeniedException',
      `${path} can be read by others: chmod 600 it.`,
    );
  }
  return {
    arn: `arn:aws:secretsmanager:${region}:${ACCOUNT_ID}:secret:${name}-local0`,
    name,
    text: readFileSync(path, 'utf8'),
    writtenAt: found.mtime,
  };
}
