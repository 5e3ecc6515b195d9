import { mount } from 'svelte'
import App from './App.svelte'
import { warmUp } from './layout/elk'
import './styles/page.css'

// The layout worker reads its code while the map is on its way.
warmUp()
mount(App, { target: document.getElementById('app') as HTMLElement })
