/** The package has no types; these are the options that this page sets. */
declare module 'swagger-ui-dist/swagger-ui-es-bundle.js' {
  export default function SwaggerUI(options: {
    url: string
    domNode: HTMLElement
    validatorUrl: null
    deepLinking: boolean
    docExpansion: 'list' | 'full' | 'none'
    defaultModelsExpandDepth: number
    displayRequestDuration: boolean
    filter: boolean
    persistAuthorization: boolean
    tryItOutEnabled: boolean
  }): void
}
