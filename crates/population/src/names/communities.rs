//! Names that families in England bear, by the language or country they came from.
//!
//! Common names, written down by hand in rough order of frequency; nobody is meant by any of them.
//! A directory that only knows one way of naming misses children, so every list is used in the tests
//! of finding and linking too.

use super::Community;

/// Every community, with how many of 1,000 households bear its names in most places and in mixed ones.
pub(super) const COMMUNITIES: [Community; 13] = [
    super::british::BRITISH,
    super::british::IRISH,
    super::british::CARIBBEAN,
    Community {
        share: [30, 175],
        surnames: "Khan Ahmed Hussain Ali Begum Akhtar Malik Mahmood Iqbal Shah Miah Islam Uddin Rahman Chowdhury \
                   Hussein Mohammed Bibi Choudhury Aslam Mirza Qureshi Butt Sheikh Rashid Aziz Ashraf Saleem Yousaf Raja \
                   Anwar Bashir Javed Siddiqui Farooq Parveen Khatun Haque Hoque Sultana Zaman Kazi Ansari Chaudhry Riaz",
        surname_starts: "Abdul Fazal Habib Nur Shams Zia Mujib Saif Imam Wali Aman Ikram",
        surname_middles: "",
        surname_ends: "ullah uddin ur-Rahman zada yar poor dad din ul-Haq ul-Islam",
        tail_percent: 8,
        flatness: 5,
        girls: "Aisha Fatima Maryam Zainab Hafsa Amina Khadija Aaliyah Safa Noor Ayesha Zara Iqra Sumaiya Hana Inaya Eshal \
                Anaya Mahnoor Tahira Rabia Sana Nadia Halima Ruqayyah Sadia Tasnim Nabila Farah Yasmin",
        boys: "Muhammad Mohammed Ibrahim Yusuf Adam Zain Hamza Bilal Omar Ali Hassan Hussain Musa Ahmed Mohammad Ayaan \
               Eesa Haroon Idris Ismail Khalid Umar Usman Zayd Rayyan Imran Faisal Tariq Shahid Abdullah",
        own_percent: 95,
    },
    Community {
        share: [8, 45],
        surnames: "Singh Kaur Gill Sandhu Dhillon Sidhu Grewal Bains Johal Dhaliwal Atwal Virk Mann Sahota Uppal Sangha \
                   Purewal Rai Randhawa Bhogal Matharu Panesar Sohal Khera",
        surname_starts: "Bal Har Man Kal Dhan Jas Gur Sukh",
        surname_middles: "",
        surname_ends: "wal owal ewal dial singh",
        tail_percent: 5,
        flatness: 3,
        girls: "Simran Jasleen Harleen Gurleen Manpreet Avneet Kiran Jasmine Ravneet Mehar Amrit Navneet Sukhmani Prabhleen \
                Harpreet Kirat Anmol Jaspreet",
        boys: "Arjan Gurdeep Jasdeep Harjit Manveer Karan Jaskaran Amar Armaan Harvir Sukhdeep Ranveer Angad Fateh Gurpreet \
               Dilraj Taran Jagdeep",
        own_percent: 88,
    },
    Community {
        share: [20, 65],
        surnames: "Patel Shah Sharma Kumar Mistry Desai Mehta Gupta Joshi Rao Nair Reddy Chauhan Parmar Solanki Pillai Iyer \
                   Menon Thakkar Trivedi Verma Das Ghosh Banerjee Naidu Rana Gurung Thapa Rai Limbu Perera Fernando",
        surname_starts: "Bala Raja Siva Maha Guna Jeya Nava Sri Thiru Kana Yoga Vel Para Ganesha Kugan Sela",
        surname_middles: "",
        surname_ends: "krishnan singham nathan kumar ratnam sundaram lingam moorthy pathy murugan rajah nayagam",
        tail_percent: 14,
        flatness: 1,
        girls: "Priya Anaya Diya Aanya Saanvi Anika Kavya Riya Myra Isha Meera Nisha Pooja Shreya Tara Aarya Divya Lakshmi \
                Janani Ananya Krisha Hetvi Neha Sneha",
        boys: "Aarav Arjun Krish Dev Aryan Rohan Vivaan Dhruv Ishaan Kiaan Rahul Nikhil Veer Yash Jay Om Shiv Ravi Sai Karthik \
               Pranav Aditya Hari Vihaan",
        own_percent: 90,
    },
    Community {
        share: [18, 85],
        surnames: "Mensah Owusu Boateng Okafor Adeyemi Asante Osei Appiah Okoro Eze Adebayo Balogun Nwosu Agyeman Amoah \
                   Ogunleye Okonkwo Bello Danso Sarpong Ofori Addo Acheampong Antwi Afolabi Oyelaran Ibe Chukwu Kamara Sesay \
                   Conteh Bangura Diallo Kalala Mbala Ndlovu Moyo Sibanda Banda Phiri",
        surname_starts: "Ade Ola Olu Ogun Oye Ayo Aki Fa Owo Chi Nwa Oko Obi Uche Ike Eme Oni Awo Adi Ama",
        surname_middles: "",
        surname_ends: "yemi bayo wale sanya tunde kunle dele jide wole niyi goke yinka bola femi chukwu mezie kwu nna ola rinde",
        tail_percent: 22,
        flatness: 6,
        girls: "Esther Grace Temi Chioma Adwoa Blessing Favour Deborah Ama Zara Ifeoma Tofunmi Abena Akosua Ngozi Ayomide \
                Tiwa Mercy Nana Oluchi Precious Adaeze Morenike Efua Thandi Rudo",
        boys: "Emmanuel David Daniel Samuel Kwame Kofi Chidi Tobi Josiah Elijah Ayo Jeremiah Tunde Nathaniel Kwaku Ebuka \
               Femi Kojo Ikenna Malachi Yaw Dele Obinna Segun Tendai Tapiwa",
        own_percent: 80,
    },
    Community {
        share: [7, 55],
        surnames: "Mohamed Abdi Ali Hassan Ahmed Yusuf Osman Ibrahim Farah Warsame Hussein Omar Jama Nur Aden Adan Isse \
                   Tesfaye Bekele Haile Tekle Kidane Gebre Mebrahtu Alemu Elmi Dahir Salah Idris",
        surname_starts: "Abdi Gebre Haile Tesfa Woldu Mohamud",
        surname_middles: "",
        surname_ends: "rahman kidan mariam michael aziz selassie wahab yesus",
        tail_percent: 8,
        flatness: 3,
        girls: "Amina Hodan Fadumo Ifrah Sumaya Ayaan Naima Zamzam Hibo Khadra Saba Selam Bethlehem Hana Ruta Maryan Sahra \
                Ikram Samira Rahma",
        boys: "Mohamed Abdirahman Abdullahi Ayub Zakariya Khalid Liban Ilyas Sharmarke Yonas Dawit Samuel Bilal Hamza Nahom \
               Musab Guled Anas Filmon Yahya",
        own_percent: 94,
    },
    Community {
        share: [30, 55],
        surnames: "Nowak Kowalski Wisniewski Wójcik Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski Kozłowski \
                   Mazur Krawczyk Kaczmarek Novák Horváth Kováč Varga Kazlauskas Petrauskas Bērziņš Ivanov Petrov Shevchenko \
                   Kovalenko Bondarenko Tkachenko Nagy Tóth Szabó Hoxha Krasniqi Gashi",
        surname_starts: "Adam Bor Czar Dom Gór Jan Kal Lip Mal Now Ost Paw Rut Sob Tom Urb Wal Zak Brz Gaj Jab Kus Mich Star",
        surname_middles: "",
        surname_ends: "owski ewski czyk ak ik ewicz owicz iński arz ek czak kowski",
        tail_percent: 32,
        flatness: 8,
        girls: "Zuzanna Maja Julia Lena Oliwia Hanna Amelia Zofia Nadia Alicja Antonina Natalia Wiktoria Karolina Gabriela \
                Emilija Urtė Elena Anastasija Kateryna Sofiya Kinga Milena Zoja",
        boys: "Jakub Kacper Filip Oskar Mateusz Antoni Szymon Aleksander Nikodem Igor Franciszek Wojciech Leon Adrian Dominik \
               Lukas Matas Danylo Artem Oleksandr Łukasz Marcel Krystian Bartosz",
        own_percent: 84,
    },
    Community {
        share: [12, 28],
        surnames: "Popescu Ionescu Popa Radu Dumitru Stan Stoica Gheorghe Munteanu Matei Constantin Ciobanu Florea Rusu \
                   Dimitrov Georgiev Ivanova Nikolov Todorov Angelov",
        surname_starts: "Anton Barb Cost Dobr Filip Grig Ili Mar Nicol Petr Stef Tudor Vasil Andre",
        surname_middles: "",
        surname_ends: "escu eanu ache oiu aru ica ov ova eșcu",
        tail_percent: 25,
        flatness: 4,
        girls: "Maria Sofia Ioana Andreea Elena Daria Ana Alexandra Antonia Bianca Eva Ilinca Teodora Raluca Viktoria Gergana",
        boys: "Andrei David Luca Matei Alexandru Ștefan Gabriel Rareș Tudor Mihai Darius Cristian Nikola Georgi Ivan Radu",
        own_percent: 82,
    },
    Community {
        share: [9, 22],
        surnames: "Wong Chan Li Chen Zhang Wang Liu Cheung Lam Leung Ng Ho Lau Yip Tang Lin Nguyen Tran Le Pham Hoang Vu Kim \
                   Park Lee Tanaka Sato Reyes Santos Cruz Bautista",
        surname_starts: "",
        surname_middles: "",
        surname_ends: "",
        tail_percent: 0,
        flatness: 5,
        girls: "Emily Chloe Sophie Mei Jia Yi-Ling Hiu-Ching Linh Anh Trang Mai Hana Yuna Sakura Angel Kaye Xin-Yi Cheuk-Lam",
        boys: "Jason Ethan Lucas Ming Hao Jun-Wei Ho-Yin Minh Duc Khoa Tuan Haruto Minjun Kai Ryan Jayden Zi-Xuan Tsz-Hin",
        own_percent: 72,
    },
    Community {
        share: [12, 40],
        surnames: "Yilmaz Demir Kaya Çelik Şahin Yıldız Öztürk Arslan Doğan Georgiou Ioannou Christodoulou Al-Hassan \
                   Al-Masri Haddad Khoury Mansour Nasser Saleh Abbas Rahimi Karimi Hosseini Ahmadi Amiri Noori Rasul Aziz \
                   Kareem Saeed Barzani Hamid",
        surname_starts: "Al- El- Abdul- Abu-",
        surname_middles: "",
        surname_ends: "Amin Baghdadi Bakri Fahad Ghani Halabi Jabri Khatib Latif Najjar Qasim Rashidi Sabri Tamimi Wahid Zubaidi",
        tail_percent: 18,
        flatness: 6,
        girls: "Elif Zeynep Defne Ecrin Layla Mariam Nour Lina Sara Yasmin Dana Rozhin Parisa Setareh Maya Eleni Salma Jana",
        boys: "Yusuf Eymen Emir Mehmet Ömer Ali Karim Youssef Adam Omar Hassan Rami Aram Reza Arman Andreas Hadi Sami",
        own_percent: 88,
    },
    Community {
        share: [14, 35],
        surnames: "Silva Santos Ferreira Pereira Oliveira Costa Rodrigues Martins Sousa Fernandes Gonçalves Gomes Lopes García \
                   Rodríguez González Hernández Pérez Rossi Russo Esposito Bianchi Romano Dubois Moreau Laurent Schmidt Müller",
        surname_starts: "Alva Bran Cal Dom Estre Fer Guima Mont Pin Quin Sal Val",
        surname_middles: "",
        surname_ends: "res cão deira nandes rães eiro to tana azar verde ada",
        tail_percent: 15,
        flatness: 6,
        girls: "Sofia Maria Leonor Beatriz Lara Inês Valentina Isabella Camila Lucía Chiara Giulia Aurora Chloé Zoé Ana Luana Carmen",
        boys: "Miguel Gabriel João Lucas Rafael Santiago Mateo Diego José Leonardo Lorenzo Alessandro Hugo Louis Tomás Pedro Enzo Luís",
        own_percent: 84,
    },
];
