"""What every request shares: settings, workspace, kept answers, and the queue of work."""

from dataclasses import dataclass, field

from graph.maps.port import Store, StoreInfo
from graph.maps.workspace import Workspace
from seed.loader import load
from service.http.answer_cache import AnswerCache
from service.http.work import WorkQueue
from service.settings import Settings

VERSION = "0.1.0"


@dataclass
class Service:
    """One running service; `app.state.service` holds it."""

    settings: Settings
    store: Store
    workspace: Workspace = field(init=False)
    answers: AnswerCache = field(init=False)
    work: WorkQueue = field(init=False)
    info: StoreInfo | None = None
    """What the store said when it was opened."""

    def __post_init__(self) -> None:
        self.work = WorkQueue(self.settings.workers, self.settings.queue)
        self.workspace = Workspace(self.store, memory=self.settings.memory)
        self.answers = AnswerCache(self.settings.answer_cache)

    async def open(self) -> None:
        """Open the store, and load the example map where it has none and the settings say so; once."""
        if self.info is not None:
            return
        self.info = await self.store.open()
        if self.settings.seed and not await self.store.maps():
            await load(self.workspace)

    async def close(self) -> None:
        """Release the store."""
        await self.store.close()
