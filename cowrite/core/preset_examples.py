"""The examples of the presets, written for cowrite: what was there, and what it should become."""

from __future__ import annotations

from cowrite.core.task import Example

EXAMPLES: dict[str, tuple[Example, ...]] = {
    "shorten": (
        Example(
            "Because he had forgotten to bring his umbrella with him, Karl got completely "
            "wet on the way home from the station, which made him very angry.",
            "Karl had forgotten his umbrella, got wet on the way home, and was angry.",
        ),
        Example(
            "There were a great many people waiting in front of the bakery, and it took "
            "almost 30 minutes until we were finally able to buy our bread.",
            "The bakery was so crowded that we waited almost 30 minutes for bread.",
        ),
        Example(
            "The old woman who lived at the end of the street had a garden that was full "
            "of roses. She watered them every single morning, before the sun came up over "
            "the roofs.",
            "The old woman at the end of the street watered her roses every morning before "
            "sunrise.",
        ),
    ),
    "expand": (
        Example(
            "The door opened.",
            "The heavy door opened slowly, and its hinges gave a long, tired sound that "
            "went through the whole house.",
        ),
        Example(
            "Karl waited for the bus. It was cold.",
            "Karl waited for the bus with his hands deep in his pockets. It was so cold "
            "that his breath hung in front of him, and the puddles along the kerb had a "
            "thin skin of ice.",
        ),
        Example(
            "The street was quiet. A dog barked.",
            "The street was quiet, as it is after midnight, when even the drunk have gone "
            "home. Somewhere behind the houses a dog barked twice and then thought better "
            "of it.",
        ),
    ),
    "rewrite": (
        Example(
            "Karl was so tired that he fell asleep on the train.",
            "On the train sleep overcame Karl, who could not keep his eyes open any longer.",
        ),
        Example(
            "We had to wait for 30 minutes because the bridge was closed.",
            "The bridge was closed, and 30 minutes went by before we could go on.",
        ),
        Example(
            "The house stood on a hill. From its windows one could see the sea.",
            "It was a house on a hill, with windows that looked out over the sea.",
        ),
    ),
    "grammar": (
        Example(
            "He go to school every day, but yesterday he stay at home.",
            "He goes to school every day, but yesterday he stayed at home.",
        ),
        Example(
            "The dogs was barking when the postman come to the door with 3 letter.",
            "The dogs were barking when the postman came to the door with 3 letters.",
        ),
        Example(
            "I has seen Karl at the station, and he don't look happy.",
            "I have seen Karl at the station, and he didn't look happy.",
        ),
        Example(
            "The bread was fresh, and we cut it into four pieces.",
            "The bread was fresh, and we cut it into four pieces.",
        ),
    ),
    "plainer": (
        Example(
            "The use of mobile devices is prohibited within the confines of this establishment.",
            "You may not use phones in this building.",
        ),
        Example(
            "Karl attempted to facilitate a resolution of the dispute between his neighbours.",
            "Karl tried to help his neighbours end their quarrel.",
        ),
        Example(
            "Subsequent to the conclusion of the performance, 30 members of the audience "
            "proceeded to depart.",
            "After the show, 30 people in the audience left.",
        ),
    ),
    "vivid": (
        Example(
            "The soup was hot.",
            "Steam curled from the soup, and the first spoonful burned all the way down.",
        ),
        Example(
            "Karl walked through the market.",
            "Karl pushed through the market, past pyramids of oranges, the stink of fish, "
            "and women who shouted prices over his head.",
        ),
        Example(
            "It was windy, and the sea was rough.",
            "The wind tore the tops off the waves, and the sea threw itself at the wall "
            "with a sound like falling stones.",
        ),
    ),
    "dialogue": (
        Example(
            "Karl told Eva that he was leaving.",
            '"I\'m leaving," Karl told Eva.',
        ),
        Example(
            "The guard asked what was in the bag. She said it was only bread.",
            '"What\'s in the bag?" the guard asked.\n"Only bread," she said.',
        ),
        Example(
            "My brother wanted to know when we would be home. I said that it would be at 7 "
            "o'clock.",
            '"When will we be home?" my brother asked.\n"At 7 o\'clock," I said.',
        ),
    ),
    "past": (
        Example(
            "Karl opens the window and looks at the street. It is empty.",
            "Karl opened the window and looked at the street. It was empty.",
        ),
        Example(
            "I run to the station, but the train is leaving.",
            "I ran to the station, but the train was leaving.",
        ),
        Example(
            "Every evening she walks to the harbour and counts the boats. There are 30 of them.",
            "Every evening she walked to the harbour and counted the boats. There were 30 of them.",
        ),
    ),
    "present": (
        Example(
            "Karl opened the window and looked at the street. It was empty.",
            "Karl opens the window and looks at the street. It is empty.",
        ),
        Example(
            "I ran to the station, but the train was leaving.",
            "I run to the station, but the train is leaving.",
        ),
        Example(
            "Every evening she walked to the harbour and counted the boats. There were 30 of them.",
            "Every evening she walks to the harbour and counts the boats. There are 30 of them.",
        ),
    ),
    "first-person": (
        Example(
            "He opened the window and looked at the street. His hands were cold.",
            "I opened the window and looked at the street. My hands were cold.",
        ),
        Example(
            "She ran to the station, but they would not let her in.",
            "I ran to the station, but they would not let me in.",
        ),
        Example(
            "Karl counts his money. There are 30 coins on the table before him.",
            "I count my money. There are 30 coins on the table before me.",
        ),
    ),
    "third-person": (
        Example(
            "I opened the window and looked at the street. My hands were cold.",
            "He opened the window and looked at the street. His hands were cold.",
        ),
        Example(
            "I ran to the station, but they would not let me in.",
            "He ran to the station, but they would not let him in.",
        ),
        Example(
            "I count my money. There are 30 coins on the table before me, and Karl has none.",
            "He counts his money. There are 30 coins on the table before him, and Karl has none.",
        ),
    ),
    "summarise": (
        Example(
            "The council met on Monday to talk about the old bridge. Several members "
            "wanted to repair it, but the engineers said that this would cost 2 million "
            "and take three years. In the end the council voted to close the bridge to "
            "cars and keep it open for people on foot.",
            "The council decided to close the old bridge to cars, since repairs would be "
            "too costly.",
        ),
        Example(
            "Karl had always wanted to see the sea. When he was sixty he sold his farm, "
            "bought a ticket, and took the train to the coast. He stood on the beach for "
            "an hour. Then he went home and bought a cow.",
            "At sixty Karl sells his farm to see the sea, and after an hour there he goes "
            "home again.",
        ),
    ),
    "names": (
        Example(
            "The innkeeper was a fat, cheerful man who knew every traveller between the "
            "two rivers.",
            "Barnaby Tull, Old Joss, Tom Merridew, Wilf Ample, Hob Carrow",
        ),
        Example(
            "A small fishing village at the end of a long grey road, where the wind never stops.",
            "Windle Bay, Greyhaven, Lastrow, Saltend, Harrow Point",
        ),
    ),
    "synonyms": (
        Example(
            "happy",
            "glad, cheerful, content, joyful, pleased",
        ),
        Example(
            "walk",
            "stroll, stride, wander, march, amble",
        ),
        Example(
            "dark",
            "dim, gloomy, black, shadowy, unlit",
        ),
    ),
}
"""Of the presets that rewrite and that tell, by name."""

MIXED: tuple[Example, ...] = (
    Example(
        "Because he had forgotten to bring his umbrella with him, Karl got completely "
        "wet on the way home from the station, which made him very angry.",
        "Karl had forgotten his umbrella, got wet on the way home, and was angry.",
        "Make this text shorter.",
    ),
    Example(
        "Karl opens the window and looks at the street. It is empty.",
        '"Nobody there," Karl said, and he closed the window again.',
        "Let him say something.",
    ),
    Example(
        "The soup was hot.",
        "The soup was so hot that tears came into her eyes, and still she took another spoonful.",
        "Make it more dramatic.",
    ),
    Example(
        "I run to the station, but the train is leaving.",
        "I ran to the station, but the train was leaving.",
        "Change it to the past.",
    ),
)
"""For the writer's own words about a passage: what an instruction is, by several."""

WRITTEN: tuple[Example, ...] = (
    Example(
        "",
        "The harbour lay black and still. Only the lamp at the end of the pier was "
        "lit, and under it a man was mending a net.",
        "Describe a harbour at night.",
    ),
    Example(
        "",
        '"You\'re late," she said, without turning round.\n"The bridge was closed," said Karl.',
        "A woman is angry with Karl because he is late. Dialogue.",
    ),
    Example(
        "",
        "He had not been back to the house for 30 years, and he was surprised to find it so small.",
        "The first sentence of a story about a homecoming.",
    ),
)
"""For the writer's own words where nothing stands yet."""

ANSWERS: tuple[Example, ...] = (
    Example(
        "Karl had lived in the lighthouse since his wife died. He came to the village "
        "on Fridays, for bread and lamp oil, and he never stayed.",
        "On Fridays.",
        "When does Karl come to the village?",
    ),
    Example(
        "Eva put the ring into a drawer and told nobody. When her sister asked for it "
        "at Christmas, she said that it had been stolen.",
        "Eva, who had hidden it in a drawer.",
        "Who had the ring?",
    ),
)
"""For questions about a text."""
