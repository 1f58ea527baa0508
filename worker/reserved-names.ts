/** Rows of every list: nobody else may be called so. */
export const RESERVED = /^__(idle|unmeasured|unallocated|assigned|other|serving)__$/i
export const RESERVED_WORDS =
  '__idle__, __unmeasured__, __unallocated__, __assigned__, __other__ and __serving__ are names of Heliox'
