# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A first case: Saltmarsh
#
# Workers are recruited in Morocco, driven through Bulgaria, lodged and made to work in Dutch greenhouses; their wages go to
# shell companies in Cyprus and come back as cash. Four agencies each hold a harmless-looking quarter. Everything here is
# invented. This notebook asks what the four see together that none of them sees alone.

# %%
import networkx as nx
import pandas as pd

import workbench

case = workbench.open_demo()  # the sample case in a store of its own, built where it is not there yet
STORE = case.store.url
case

# %% [markdown]
# ## What there is
#
# A session holds one view: all that one viewer may see, at one revision. Nothing is read in any other way.

# %%
pd.Series(case.stats().agencies, name="records")

# %%
entities = case.frame()
entities.groupby("schema").size()

# %% [markdown]
# ## A name joins nobody
#
# Two men are called Mohamed Alaoui. One is the recruiter, the other one of his victims; in which capacity they are involved tells.

# %%
namesakes = [hit.id for hit in case.search("Mohamed Alaoui").entities]
involved = case.frame("Involvement")
involved[involved["involved"].isin(namesakes)][["involved", "capacity", "agency", "grade"]]

# %%
capacity = involved.groupby("involved")["capacity"].agg(set)
recruiter = next(each for each in namesakes if "victim" not in capacity[each])

# %% [markdown]
# "Nico" is one man in three files. Why? By an account that is his in two files, and a passport in two.

# %%
nico = next(hit.id for hit in case.search("Nico").entities if hit.schema == "Person")
first, *others = (referent.id for referent in case.entity(nico).referents)
pd.DataFrame([reason for other in others for reason in case.explain(first, other)])

# %% [markdown]
# ## Who is in between?
#
# The projection `persons` ties whom a phone, account, address, vehicle, event or company, a call or a payment connects.
# Victims, witnesses, officers and lawyers are not in it when positions are computed.

# %%
graph = case.graph("persons")
nx.number_of_nodes(graph), nx.number_of_edges(graph), nx.number_connected_components(graph)

# %%
players = case.key_players()
broker = players.results[0].id
players.frame().set_index("rank").head()

# %% [markdown]
# A finding says how not to read it, what it rests on, and what was set aside: values so widely shared that they tell nothing. Counting them all
# the same puts somebody else first: a taxi dispatcher, whom everybody calls.

# %%
players.caution

# %%
pd.DataFrame(players.set_aside)

# %%
naive = case.key_players(count_common=True)
naive.frame().set_index("rank").head(3)

# %% [markdown]
# Does any agency see the broker? In each one's own records he is nobody.

# %%
own = {}
for agency in case.stats().agencies:
    alone = case.within([agency]).key_players()
    own[agency] = pd.Series([row.caption for row in alone.results[:5]], dtype="object")
pd.DataFrame(own)

# %% [markdown]
# ## What only the union shows
#
# Each with the smallest sets of agencies that suffice for it.

# %%
joint = case.joint_value().frame()
captions = entities["caption"].to_dict()
joint["who"] = joint["members"].map(lambda members: ", ".join(captions[each] for each in members[:4]))
joint[joint["what"].isin(["key player", "tie", "group"])][["what", "who", "agencies"]]

# %%
joint.groupby("what").size()

# %% [markdown]
# ## Who connects the recruiter and the landlord?
#
# The landlord is in Kition's register, in Greek. Two steps from person to person; five in the graph of all ties.

# %%
landlord = case.search("Ελκε Πολντερμαν").entities[0].id
connection = case.paths(recruiter, landlord, "persons", k=1)
steps = pd.DataFrame([step.to_dict() for step in connection.results[0].steps])
steps.assign(**{end: steps[end].map(captions) for end in ("from", "to")})

# %%
in_full = pd.DataFrame([step.to_dict() for step in case.paths(recruiter, landlord, k=1).results[0].steps])
in_full.assign(**{end: in_full[end].map(captions) for end in ("from", "to")})[["from", "schema", "to", "grade", "date"]]

# %% [markdown]
# ## Which number replaced the silent one?
#
# The recruiter's number falls silent at the beginning of March. Which number that was not there before calls the same people?

# %%
calls = case.frame("Call").assign(day=lambda table: pd.to_datetime(table["date"].str[:10]))
holdings = case.frame("Holding")
his = set(holdings[holdings["holder"] == recruiter]["held"])
dispatcher = {value.entity for value in case.common_values()}
both = pd.concat([calls, calls.rename(columns={"caller": "receiver", "receiver": "caller"})])[["caller", "receiver", "day"]]
both = both[~both["caller"].isin(dispatcher) & ~both["receiver"].isin(dispatcher)]
old = both[both["caller"].isin(his)]
contacts, last = set(old["receiver"]), old["day"].max()
later = both[(both["day"] > last) & both["receiver"].isin(contacts)]
fresh = later.groupby("caller").agg(taken_over=("receiver", "nunique"), since=("day", "min"))
fresh = fresh.sort_values("taken_over", ascending=False).rename(index=captions)
successor = fresh.index[0]
fresh.head(3)

# %% [markdown]
# ## Where did the wages go?
#
# In the projection `money` an account with one holder is its holder; a path follows the money forward in time.

# %%
transfers = case.frame("Transfer")
payer = transfers["payer"].dropna().iloc[0]
cash = transfers["location"].dropna().iloc[0]
trail = case.paths(payer, cash, "money", k=1)
chain = pd.DataFrame([step.to_dict() for step in trail.results[0].steps])
chain.assign(**{end: chain[end].map(captions) for end in ("from", "to")})[["from", "to", "date", "amount", "grade"]]

# %% [markdown]
# The chain is as strong as its weakest record; and it may be used only as its records' handling codes allow.

# %%
trail.results[0].weakest, trail.handling

# %%
transfers.assign(amount=transfers["amount"].astype(float), month=transfers["date"].str[:7]).groupby("month")["amount"].sum()

# %% [markdown]
# ## What does Noordkust see?
#
# Before Kition agrees to release nine records, Noordkust sees no broker: not because the answer is filtered, but because
# everything is computed from what this viewer sees.

# %%
with workbench.open(STORE, viewer="noordkust") as noordkust:
    seen_by_noordkust = [row.caption for row in noordkust.key_players().results[:5]]
seen_by_noordkust

# %%
case.close()
