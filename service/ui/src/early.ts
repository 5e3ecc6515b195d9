import { askEarly } from './api/early'
import { firstQuestions } from './state/questions'
import { read } from './state/view_state'

// A script of its own, so that it runs before the page's own script is there.
askEarly(firstQuestions(read(location.search)))
