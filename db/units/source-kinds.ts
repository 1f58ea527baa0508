/** Where files can be pulled from. */
export const SOURCE_KINDS = ['s3', 'https', 'opencost', 'prometheus'] as const
export type SourceKind = (typeof SOURCE_KINDS)[number]
