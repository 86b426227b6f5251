import { getHealth, getOpenApi } from '../http/contracts/service.ts';
import { openApiDocument } from '../http/openapi.ts';
import { json } from '../http/reply.ts';
import { ROUTE_TABLE } from '../http/route-table.ts';
import { type Implementation, implement } from '../http/router.ts';

export function serviceRoutes(version: string): Implementation[] {
  let document: Record<string, unknown> | null = null;
  return [
    implement(getHealth, async () => json(200, { status: 'ok', version })),
    implement(getOpenApi, async () => {
      document ??= openApiDocument(ROUTE_TABLE, version);
      return json(200, document, { 'cache-control': 'max-age=300' });
    }),
  ];
}
