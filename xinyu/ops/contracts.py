"""A contract for import-linter, which alone loads this module: named cores import no framework, however indirectly."""

from typing import Any

from importlinter import Contract, ContractCheck, fields, output


class PureContract(Contract):
    """`modules`: dotted names, with all below them; `forbidden`: packages they must not reach by any chain.

    The built-in contract fails for a module that does not exist; here it is shown as absent, so that the list may
    name a core before it is written.
    """

    modules: Any = fields.ListField(subfield=fields.StringField())
    forbidden: Any = fields.ListField(subfield=fields.StringField())

    def check(self, graph: Any, verbose: bool) -> ContractCheck:
        absent = [name for name in self.modules if name not in graph.modules]
        cores = sorted({one for name in self.modules if name not in absent for one in below(graph, name)})
        reached = [name for name in self.forbidden if name in graph.modules]
        found = (graph.find_shortest_chain(importer=core, imported=name) for core in cores for name in reached)
        chains = [chain for chain in found if chain]
        told = [f"{name} is not there" for name in absent]
        return ContractCheck(kept=not chains, metadata={"chains": chains}, warnings=told)

    def render_broken_contract(self, check: ContractCheck) -> None:
        for chain in check.metadata["chains"]:
            output.print_error(" → ".join(chain), bold=False)


def below(graph: Any, name: str) -> set[str]:
    """A module and everything inside it."""
    return {name} | graph.find_descendants(name)
