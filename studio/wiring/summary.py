"""A show in short, by rules and by the optional language model."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from studio.shop import catalogue
from studio.shows import show as shows
from studio.summary import routes
from studio.summary.digest import Found
from studio.summary.summaries import Summaries
from studio.transcribe.summary import summarise
from studio.transcribe.transcript import read_transcript
from studio.wiring import Core


def wire(core: Core) -> None:
    """The summary reads what was heard; the language model is asked only by a host who saw what is sent."""

    def found(session: Session, show_id: int) -> Found:
        shows.find_show(session, show_id)
        heard = read_transcript(session, show_id)
        return {"best": summarise(heard), "qa": heard.qa}

    def names(session: Session) -> Mapping[str, str]:
        return {product.sku: product.name for product, _lot in catalogue.list_products(session)}

    summaries = Summaries(
        core.writer,
        core.database,
        core.vault,
        found=found,
        names=names,
        put=lambda value: core.state.put("writing", value),
    )
    core.app.register_blueprint(routes.blueprint(summaries, core.guard.require), url_prefix="/api/v1")
