import type { DomainEvent, Events } from '../../ports/events.ts';

export function memoryEvents(): Events & { readonly raised: readonly DomainEvent[] } {
  const raised: DomainEvent[] = [];
  return {
    raised,
    async raise(event) {
      raised.push(structuredClone(event));
    },
  };
}
