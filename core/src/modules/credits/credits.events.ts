import type { BooksReport } from '@parley/sdk/contract';

declare module '../../events/event-bus.ts' {
  interface DomainEvents {
    /** On the instance that checked them; `isOff`: something in it must never be. */
    'credits.books-checked': { report: BooksReport; isOff: boolean };
  }
}
