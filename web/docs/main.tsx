import 'swagger-ui-dist/swagger-ui.css'
import './docs.css'
import { createEffect } from 'solid-js'
import { render } from 'solid-js/web'
import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js'
import { theme } from '../theme.ts'
import { DocsHeader } from './docs-header.tsx'

render(() => {
  createEffect(() => document.documentElement.classList.toggle('dark-mode', theme() === 'dark'))
  return <DocsHeader />
}, document.getElementById('top')!)

SwaggerUI({
  url: '/api/v1/openapi.json',
  domNode: document.getElementById('content')!,
  validatorUrl: null, // the default sends the address of the document to a server of somebody else
  deepLinking: true,
  docExpansion: 'none', // opened all at once, more than 120 operations are drawn as five
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  persistAuthorization: false, // a pasted key is forgotten with the page
  tryItOutEnabled: true,
})
