import * as z from 'zod';

/** Between a pool and the process of one invocation environment. Payloads are JSON text. */
export interface InvokeMessage {
  readonly type: 'invoke';
  readonly requestId: string;
  readonly payload: string;
  /** Epoch milliseconds at which the invocation is ended. */
  readonly deadline: number;
}

const errorSchema = z.object({
  errorType: z.string(),
  errorMessage: z.string(),
  trace: z.array(z.string()),
});

/** As Lambda reports it. */
export type FunctionError = z.infer<typeof errorSchema>;

export const environmentMessage = z.union([
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('init-failed'), error: errorSchema }),
  z.object({ type: z.literal('result'), requestId: z.string(), payload: z.string() }),
  z.object({ type: z.literal('error'), requestId: z.string(), error: errorSchema }),
]);

export type EnvironmentMessage = z.infer<typeof environmentMessage>;

export type InvokeResult =
  | { readonly ok: true; readonly payload: string }
  | { readonly ok: false; readonly error: FunctionError };
