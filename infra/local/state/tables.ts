import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { callService, ServiceError } from '../aws-json.ts';
import type { TablePlan } from '../template/plan.ts';

const namesSchema = z.array(z.looseObject({ AttributeName: z.string(), KeyType: z.string() }));
const indexesSchema = z
  .array(z.looseObject({ IndexName: z.string(), KeySchema: namesSchema }))
  .default([]);
const tableSchema = z.looseObject({
  KeySchema: namesSchema,
  GlobalSecondaryIndexes: indexesSchema,
  LocalSecondaryIndexes: indexesSchema,
});
const describedSchema = z.object({ Table: tableSchema });

/**
 * Creates the tables that are missing.
 * @throws Error when a table exists with other keys or indexes than the template declares
 */
export async function ensureTables(endpoint: string, tables: readonly TablePlan[]): Promise<void> {
  for (const { name, definition, logicalId } of tables) {
    const existing = await describe(endpoint, name);
    if (existing === null) {
      const target = 'DynamoDB_20120810.CreateTable';
      await callService({ endpoint, target, body: definition });
    } else if (!isDeepStrictEqual(shape(existing), shape(tableSchema.parse(definition)))) {
      throw new Error(
        `table ${logicalId} exists with other keys or indexes than the template declares, and the embedded server ` +
          'cannot change them: start with an empty data directory',
      );
    }
  }
}

async function describe(
  endpoint: string,
  name: string,
): Promise<z.infer<typeof tableSchema> | null> {
  try {
    const target = 'DynamoDB_20120810.DescribeTable';
    const answer = await callService({ endpoint, target, body: { TableName: name } });
    return describedSchema.parse(answer).Table;
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'ResourceNotFoundException') return null;
    throw error;
  }
}

function shape(table: z.infer<typeof tableSchema>): unknown {
  const keys = (schema: z.infer<typeof namesSchema>) =>
    schema.map(({ AttributeName, KeyType }) => `${KeyType} ${AttributeName}`).sort();
  const indexes = [...table.GlobalSecondaryIndexes, ...table.LocalSecondaryIndexes];
  return {
    keys: keys(table.KeySchema),
    indexes: Object.fromEntries(indexes.map((index) => [index.IndexName, keys(index.KeySchema)])),
  };
}
