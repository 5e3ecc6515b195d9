import './early'
import { flushSync, mount } from 'svelte'
import { forgetEarly } from './api/early'
import App from './App.svelte'
import './styles/page.css'

mount(App, { target: document.getElementById('app') as HTMLElement })
// All that was asked for early is taken as soon as the page has begun; what is left would only grow old.
flushSync()
forgetEarly()
