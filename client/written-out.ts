import type { TRPCMutationProcedure, TRPCQueryProcedure } from '@trpc/server'
import type { Day, EpochMs } from '../db/units/time.ts'
import type { HelioxErrorShape } from './errors.ts'

/*
 * Makes the compiler write a router's type out in full, so that a declaration file holds fields and plain types and
 * nothing of the server behind them. The compiler keeps the name of a type alias wherever it can, and a name takes its
 * whole file along; the result of a condition has none, and text that is marked and unmarked loses that of its union.
 */

type Marked<T> = T extends string ? `~${T}` : T
type Unmarked<T> = T extends `~${infer Text}` ? Text : T
type Field<T> = Unmarked<Marked<Plain<T>>>

/** What JSON carries: without the brands by which the server tells one number or text from another. */
type Plain<T> = unknown extends T
  ? T
  : T extends Day
    ? string
    : T extends EpochMs
      ? number
      : T extends string | number | boolean | null | undefined
        ? T
        : T extends readonly (infer Item)[]
          ? Field<Item>[]
          : { [K in keyof T]: Field<T[K]> }

type Call<D> = D extends { input: infer Input; output: infer Output }
  ? { input: Field<Input>; output: Field<Output>; meta: object; errorShape: HelioxErrorShape }
  : never

/** Rooms and their procedures. */
export type WrittenOut<Record> = Record extends object
  ? {
      [K in keyof Record]: Record[K] extends TRPCQueryProcedure<infer D>
        ? TRPCQueryProcedure<Call<D>>
        : Record[K] extends TRPCMutationProcedure<infer D>
          ? TRPCMutationProcedure<Call<D>>
          : WrittenOut<Record[K]>
    }
  : never
