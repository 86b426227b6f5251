import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

export interface Reply {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes of what is no text. */
  readonly body: string | Uint8Array;
}

/** As API Gateway takes it: what is no text goes as base64. */
export function resultOf({ status, headers, body }: Reply): APIGatewayProxyStructuredResultV2 {
  if (typeof body === 'string') return { statusCode: status, headers: { ...headers }, body };
  const encoded = Buffer.from(body).toString('base64');
  return { statusCode: status, headers: { ...headers }, body: encoded, isBase64Encoded: true };
}

export function json(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(value),
  };
}

export function csv(text: string, fileName: string): Reply {
  return {
    status: 200,
    headers: {
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': contentDisposition(fileName),
      'cache-control': 'no-store',
    },
    body: text,
  };
}

/** A file that is no text. */
export function attachment(bytes: Uint8Array, contentType: string, fileName: string): Reply {
  return {
    status: 200,
    headers: {
      'content-type': contentType,
      'content-disposition': contentDisposition(fileName),
      'cache-control': 'no-store',
    },
    body: bytes,
  };
}

function contentDisposition(fileName: string): string {
  return `attachment; filename="${fileName.replaceAll(/[^\w.-]/g, '_')}"`;
}

export function noContent(): Reply {
  return { status: 204, headers: { 'cache-control': 'no-store' }, body: '' };
}
