/** What a backend is, for who has none yet. */
export function EmptyBackends(props: { mayWrite: boolean; hasEcho: boolean }) {
  return (
    <div class="backend-guide">
      <p>
        {props.hasEcho
          ? 'The gateway has no backend of yours yet: only echo answers, which says back what it is told and is there for trying things out.'
          : 'The gateway has nowhere to send calls yet.'}{' '}
        {props.mayWrite
          ? 'Declare the first backend: an address, a key, and the models it answers.'
          : 'An administrator declares backends.'}
      </p>
      <p class="note">
        Your own vLLM, SGLang or Ollama, OpenAI and what speaks like it, Anthropic, Gemini, Azure OpenAI and Workers AI
        are asked in the same way. Clients see one address, <code>/v1</code>, whatever stands behind it.
      </p>
    </div>
  )
}
