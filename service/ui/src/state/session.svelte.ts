import { call, get } from '../api/client'
import type { SessionAnswer } from '../api/shapes'
import { messages } from '../messages/messages'
import { askRefusedAgain, Resource } from './resource.svelte'

const AT = '/v1/session'
/** What the service calls whoever asks where no key is set up. */
const LOCAL = 'local'

/** Who the service takes the reader for; the key itself lies in a cookie that no script can read. */
class Session extends Resource<SessionAnswer> {
  /** The name under which changes are recorded; null where the service tells nobody from another. */
  name: string | null = $derived(this.value?.name === LOCAL ? null : (this.value?.name ?? null))
  /** Until the service has answered nobody is kept from anything: it refuses by itself. */
  mayWrite: boolean = $derived(this.value?.scope !== 'read' && this.value?.scope !== 'propose')
  /** Whether remarks may be made, and drafts that others decide. */
  mayPropose: boolean = $derived(this.value?.scope !== 'read')
  /** Who the reader is to the service and what that allows, in words. */
  told: string = $derived((this.mayWrite ? messages.session.as : this.mayPropose ? messages.session.proposes : messages.session.reads)(this.name ?? ''))
  /** Whether all maps are open, which making one needs. */
  whole: boolean = $derived((this.value?.maps ?? null) === null)
  /** Whether the page asks who the reader is. */
  asking = $state(false)

  async begin(): Promise<void> {
    await this.load((signal) => get<SessionAnswer>(AT, signal))
    this.asking = this.problem?.status === 401
  }

  /** Raises the problem where the service does not know the key. */
  async signIn(key: string): Promise<void> {
    this.value = (await call<SessionAnswer>(AT, { method: 'POST', body: { key } })).value
    this.problem = null
    this.asking = false
    askRefusedAgain()
  }

  /** What was open to whoever goes must not stay on the screen. */
  async signOut(): Promise<void> {
    await call(AT, { method: 'DELETE' })
    location.assign(location.pathname)
  }
}

export const session = new Session()
